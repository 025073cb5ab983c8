package io.github.bpipe.core.hook;

import io.github.bpipe.core.engine.RunAs;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.TrustedFile;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.process.ProgramRunner;
import io.github.bpipe.core.profile.Hook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the hooks of one point in their order. Before a job the first that fails is the last one, and what the steps before
 * it have closed is opened again; after a job all of them run, since they open what was closed.
 */
public final class HookRunner {
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(10);
    private static final int MOST_LINES = 20;

    private final HookPoint point;
    private final ProgramRunner runner = new ProgramRunner();
    private final List<String> lines = new ArrayList<>();
    private final BuiltInSteps steps;

    public HookRunner(HookJob job) {
        this.point = job.point();
        this.steps = new BuiltInSteps(job, runner, line -> lines.add(point.id() + ": " + line));
    }

    /**
     * Runs them.
     *
     * @throws Failure of the first one that failed
     */
    public void run(List<Hook> hooks) throws IOException {
        Failure first = null;
        for (Hook hook : hooks) {
            try {
                run(hook, first != null);
            } catch (Failure e) {
                if (runner.isEnded()) {
                    throw e;
                }
                if (point.isBefore()) {
                    undo(e);
                    throw e;
                }
                if (first == null) {
                    first = e;
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }

    /** Kills the one that is under way, and starts no other; what is closed is opened when its time is over. */
    public void end() {
        runner.end();
    }

    /** What ran and what it said, for the report. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    private void run(Hook hook, boolean failedBefore) throws IOException {
        Duration limit = hook.timeout() == null ? USUAL_LIMIT : Duration.ofSeconds(hook.timeout());
        if (hook.step() == null) {
            command(hook, limit);
            return;
        }
        try {
            steps.run(hook.step(), limit, failedBefore);
        } catch (IOException e) {
            Failure why = e instanceof Failure failure
                    ? failure
                    : new Failure(ExitCode.HOOK, String.valueOf(e.getMessage()), "run it again with --debug", e);
            String what = hook.step().id() + ": " + why.getMessage();
            lines.add(point.id() + ": FAILED: " + what);
            throw new Failure(why.exitCode(), "hook " + point.id() + ": " + what, why.hint(), e);
        }
    }

    private void undo(Failure failure) {
        try {
            steps.undo();
        } catch (IOException e) {
            lines.add(point.id() + ": FAILED to open again what was closed: " + e.getMessage());
            failure.addSuppressed(e);
        }
    }

    private void command(Hook hook, Duration limit) throws IOException {
        String program = hook.command().get(0);
        String user = hook.user() != null ? hook.user() : System.getProperty("user.name");
        if (!Files.isExecutable(Path.of(program))) {
            throw failed(program + " does not exist or is not executable", "correct hooks in the profile");
        }
        TrustedFile.require(Path.of(program), "hook", user);
        Command command =
                new Command(program, hook.command().subList(1, hook.command().size()), hook.environment());
        judge(program, limit, runner.run(RunAs.wrap(command, hook.user()), limit));
    }

    private void judge(String program, Duration limit, ProgramRunner.Ended end) throws Failure {
        String how = end.how(limit);
        lines.add(point.id() + ": " + program + " " + how);
        List<String> said = end.output().lines().filter(line -> !line.isBlank()).toList();
        int left = Math.max(0, said.size() - MOST_LINES);
        if (left > 0) {
            lines.add("... " + left + " lines before");
        }
        lines.addAll(said.subList(left, said.size()));
        if (!end.isGood()) {
            throw failed(
                    program + " " + how,
                    end.late() ? "look why it hangs, or give it a longer timeout: in the profile" : "see what it said");
        }
    }

    private Failure failed(String what, String hint) {
        return new Failure(ExitCode.HOOK, "hook " + point.id() + ": " + what, hint);
    }
}
