package io.github.bpipe.core.job;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What is recorded of a profile, in the text format of Prometheus for the textfile collector of node_exporter; see
 * https://prometheus.io/docs/instrumenting/exposition_formats/.
 */
public final class Metrics {
    private static final String MODE = "rw-r--r--";
    private static final double MILLIS = 1e3;

    private final String profile;
    private final List<RunRecord> ended = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();

    /**
     * Reads the runs of all kinds.
     *
     * @param profile its name
     */
    public Metrics(RunFolder folder, String profile) throws Failure {
        this.profile = profile;
        for (RunKind kind : RunKind.values()) {
            folder.newestFirst(kind).stream()
                    .map(RunFolder.Stored::run)
                    .filter(run -> run.ended() != null)
                    .forEach(ended::add);
        }
    }

    /** Puts the text into a file that everybody may read, as a whole or not at all. */
    public void write(Path file) throws Failure {
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(text().getBytes(StandardCharsets.UTF_8));
            staged.mode(PosixFilePermissions.fromString(MODE));
            staged.commit();
        } catch (Failure e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.OUTPUT, "cannot write " + file + ": " + e.getMessage(), "look for a full disk", e);
        }
    }

    /** One metric after the other, each with a line for each kind of run. */
    String text() {
        text.setLength(0);
        each(
                "last_run_timestamp_seconds",
                "When the last run ended.",
                newest(run -> true),
                run -> seconds(run.ended()));
        each(
                "last_exit_code",
                "How the last run ended: 0 for a good end.",
                newest(run -> true),
                run -> String.valueOf(run.exitCode()));
        Map<RunKind, RunRecord> good = newest(Metrics::isGood);
        each("last_success_timestamp_seconds", "When the last good run ended.", good, run -> seconds(run.ended()));
        each(
                "last_success_duration_seconds",
                "How long the last good run took.",
                good,
                run -> seconds(Duration.between(run.begun(), run.ended()).toMillis()));
        each(
                "last_success_bytes",
                "Size of the last good run before compression.",
                good,
                run -> String.valueOf(run.summary().rawBytes()));
        each(
                "last_success_stream_bytes",
                "Size of the stream of the last good run.",
                good,
                run -> String.valueOf(run.summary().streamBytes()));
        each(
                "last_success_rows",
                "Rows of all tables in the last good run.",
                good,
                run -> String.valueOf(run.summary().rows()));
        proven().ifPresent(when -> {
            head("last_proven_restorable_timestamp_seconds", "When a restore of all tables last proved to be good.");
            sample("last_proven_restorable_timestamp_seconds", "", seconds(when));
        });
        return text.toString();
    }

    /** A drill, or a restore that compared a whole database with what its stream promises. */
    private Optional<Instant> proven() {
        return ended.stream()
                .filter(run -> isGood(run) && run.kind() != RunKind.BACKUP)
                .filter(run -> run.kind() != RunKind.RESTORE
                        || (run.summary().restored() != null && !run.summary().inPart()))
                .map(RunRecord::ended)
                .max(Comparator.naturalOrder());
    }

    private static boolean isGood(RunRecord run) {
        return run.state() == RunRecord.State.GOOD;
    }

    private Map<RunKind, RunRecord> newest(java.util.function.Predicate<RunRecord> wanted) {
        Map<RunKind, RunRecord> newest = new LinkedHashMap<>();
        ended.stream()
                .filter(wanted)
                .sorted(Comparator.comparing(RunRecord::ended).reversed())
                .forEach(run -> newest.putIfAbsent(run.kind(), run));
        return newest;
    }

    private void each(String name, String help, Map<RunKind, RunRecord> runs, Function<RunRecord, String> value) {
        if (!runs.isEmpty()) {
            head(name, help);
            runs.forEach((kind, run) -> sample(name, ",kind=\"" + kind.word() + "\"", value.apply(run)));
        }
    }

    private void head(String name, String help) {
        text.append("# HELP bpipe_").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE bpipe_").append(name).append(" gauge\n");
    }

    private void sample(String name, String moreLabels, String value) {
        String escaped = profile.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        text.append("bpipe_").append(name).append("{profile=\"").append(escaped).append('"');
        text.append(moreLabels).append("} ").append(value).append('\n');
    }

    private static String seconds(Instant moment) {
        return seconds(moment.toEpochMilli());
    }

    private static String seconds(long millis) {
        return String.format(Locale.ROOT, "%.3f", millis / MILLIS);
    }
}
