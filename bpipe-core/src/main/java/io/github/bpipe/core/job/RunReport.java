package io.github.bpipe.core.job;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.commons.text.WordUtils;

/** A run in a few lines for the job log, which cuts long ones. */
public final class RunReport {
    /** Daemons cut a script's line at about 127 characters. */
    private static final int WIDTH = 120;

    private static final String INDENT = "  ";
    private static final int MOST_WARNINGS = 10;
    private static final String BROKEN_PIPE = "Broken pipe";
    /** After a cancelled job a run may still be about to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final RunKind kind;
    private final List<String> lines = new ArrayList<>();
    private int exitCode;

    private RunReport(RunKind kind) {
        this.kind = kind;
    }

    /**
     * Reports the newest run of a kind, or that of a job where one is named; waits a little for one that is ending.
     *
     * @param profile its name
     * @param job id, or null
     */
    public static RunReport of(RunFolder folder, RunKind kind, String profile, String job) throws Failure {
        RunReport report = new RunReport(kind);
        Optional<RunRecord> found = folder.newest(kind, job);
        if (found.isPresent() && found.get().state() == RunRecord.State.RUNNING) {
            found.get().process().awaitEnd(PATIENCE);
            found = folder.newest(kind, job);
        }
        if (found.isEmpty()) {
            report.end(ExitCode.NO_RUN.code());
            report.line(profile + ": no run" + (job == null ? "" : " of job " + job) + " is recorded");
            report.line("hint: run " + kind.program() + " check before the job, with the same --profile and --job");
        } else {
            report.describe(found.get());
            found.get().hooks().forEach(report::line);
        }
        return report;
    }

    /** At most 120 characters each. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /** 0 where the run was good; else its own, or that of the class of what is known. */
    public int exitCode() {
        return exitCode;
    }

    private void describe(RunRecord run) {
        switch (run.state()) {
            case GOOD -> good(run);
            case FAILED -> failed(run);
            case OPEN -> notBegun(run);
            case LOST ->
                ended(run, "the run was killed, or its job was cancelled: it began and never said how it ended");
            case RUNNING ->
                ended(
                        run,
                        "the run is still under way, as process "
                                + run.process().pid());
        }
    }

    private void good(RunRecord run) {
        RunSummary summary = run.summary();
        double seconds = Math.max(1, Duration.between(run.begun(), run.ended()).toMillis()) / 1e3;
        String amount = String.format(
                Locale.ROOT,
                "%,d objects, %,d rows, %s in %.1f s (%s/s), %s compressed",
                summary.objects(),
                summary.rows(),
                Sizes.text(summary.rawBytes()),
                seconds,
                Sizes.text((long) (summary.rawBytes() / seconds)),
                Sizes.text(summary.streamBytes()));
        line(run.profile() + ": " + done() + amount);
        if (kind == RunKind.DRILL) {
            line("the backup restores: everything is there as the stream promises");
        }
        if (summary.checks() != null && summary.checks() > 0) {
            line("own checks that were answered as expected: " + summary.checks());
        }
        RunSummary.Restored restored = summary.restored();
        if (restored != null && restored.beside()) {
            line("restored into " + restored.database() + "; the live database was not touched");
        } else if (restored != null) {
            line(String.format(
                    Locale.ROOT,
                    "restored %s, not usable for %.2f s%s",
                    restored.database(),
                    restored.unusableMillis() / 1e3,
                    restored.former() == null ? "" : "; the former one is kept as " + restored.former()));
        } else if (summary.file() != null) {
            line((kind == RunKind.RESTORE ? "no database was touched; " : "") + "the stream is in " + summary.file());
        }
        line("consistent as of " + summary.consistentAsOf());
        summary.warnings().stream().limit(MOST_WARNINGS).forEach(warning -> line("warning: " + warning));
        if (summary.warnings().size() > MOST_WARNINGS) {
            line("and " + (summary.warnings().size() - MOST_WARNINGS) + " more warnings");
        }
    }

    private String done() {
        return switch (kind) {
            case BACKUP -> "dumped ";
            case RESTORE -> "read ";
            case DRILL -> "PROVEN by a drill: ";
        };
    }

    private void failed(RunRecord run) {
        end(run.exitCode());
        String bad = kind == RunKind.DRILL ? "the drill FAILED" : "FAILED";
        String how = run.begun() == null ? "the check failed" : isCutOff(run) ? "cut off, as by a cancelled job" : bad;
        line(run.profile() + ": " + how + ": " + run.reason() + " (exit code " + run.exitCode() + ")");
        if (run.hint() != null) {
            line("hint: " + run.hint());
        }
    }

    /** A file daemon sends no signal: it closes the reader's output, and lets the writer's input end early. */
    private boolean isCutOff(RunRecord run) {
        int code = run.exitCode();
        return code == ExitCode.INTERRUPTED.code()
                || (code == ExitCode.OUTPUT.code() && run.reason().contains(BROKEN_PIPE))
                || (kind != RunKind.BACKUP && code == ExitCode.TRUNCATED_STREAM.code());
    }

    private void notBegun(RunRecord run) {
        if (kind == RunKind.RESTORE) {
            line(run.profile() + ": this job restored no database");
            return;
        }
        end(ExitCode.NO_RUN.code());
        line(run.profile() + ": the check was good, but no " + (kind == RunKind.BACKUP ? "dump" : "drill")
                + " was begun");
        line("hint: was the job cancelled, or does its FileSet not run " + kind.program() + " for this profile?");
    }

    private void ended(RunRecord run, String how) {
        end(ExitCode.INTERRUPTED.code());
        line(run.profile() + ": " + how);
        line("hint: " + (kind == RunKind.BACKUP ? "run the job again" : "run it again: it begins by tidying up"));
    }

    private void end(int code) {
        exitCode = code;
    }

    /** The first line names the program, the others stand below it, further where one goes on. */
    private void line(String text) {
        String first = lines.isEmpty() ? kind.program() + " " : INDENT;
        String[] parts = WordUtils.wrap(
                        first.strip() + " " + Printable.text(text), WIDTH - 2 * INDENT.length(), "\n", true)
                .split("\n");
        for (int i = 0; i < parts.length; i++) {
            String indent = i > 0 ? INDENT.repeat(2) : lines.isEmpty() ? "" : INDENT;
            lines.add(indent + parts[i].strip());
        }
    }
}
