package io.github.bpipe.core.hook;

import io.github.bpipe.core.engine.RunAs;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.TrustedFile;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.profile.Hook;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the hooks of one point in their order. Before a job the first that fails is the last one; after it all of them
 * run, since they open again what was closed.
 */
public final class HookRunner {
    private static final Duration USUAL_LIMIT = Duration.ofMinutes(10);
    private static final int MOST_LINES = 20;

    private final HookPoint point;
    private final List<String> lines = new ArrayList<>();
    private volatile HookProcess current;
    private volatile boolean ended;

    public HookRunner(HookPoint point) {
        this.point = point;
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
                run(hook);
            } catch (Failure e) {
                if (point.isBefore() || ended) {
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

    /** Kills the one that is under way, and starts no other. */
    public void end() {
        ended = true;
        HookProcess process = current;
        if (process != null) {
            process.kill();
        }
    }

    /** What ran and what it said, for the report. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    private void run(Hook hook) throws IOException {
        String program = hook.command().get(0);
        String user = hook.user() != null ? hook.user() : System.getProperty("user.name");
        if (!Files.isExecutable(Path.of(program))) {
            throw failed(program + " does not exist or is not executable", "correct hooks in the profile");
        }
        TrustedFile.require(Path.of(program), "hook", user);
        Command command =
                new Command(program, hook.command().subList(1, hook.command().size()), hook.environment());
        Duration limit = hook.timeout() == null ? USUAL_LIMIT : Duration.ofSeconds(hook.timeout());
        if (ended) {
            throw failed(program + " was not started", "run it again");
        }
        current = HookProcess.start(RunAs.wrap(command, hook.user()));
        // whoever ended us may have looked for it just before it was there
        if (ended) {
            current.kill();
        }
        judge(program, limit, current.await(limit));
    }

    private void judge(String program, Duration limit, HookProcess.Ended end) throws Failure {
        String how = end.late()
                ? "did not end within " + limit.toSeconds() + " s and was killed with its children"
                : "ended with status " + end.status();
        lines.add(point.id() + ": " + program + " " + how);
        List<String> said = end.output().lines().filter(line -> !line.isBlank()).toList();
        int left = Math.max(0, said.size() - MOST_LINES);
        if (left > 0) {
            lines.add("... " + left + " lines before");
        }
        lines.addAll(said.subList(left, said.size()));
        if (end.late() || end.status() != 0) {
            throw failed(
                    program + " " + how,
                    end.late() ? "look why it hangs, or give it a longer timeout: in the profile" : "see what it said");
        }
    }

    private Failure failed(String what, String hint) {
        return new Failure(ExitCode.HOOK, "hook " + point.id() + ": " + what, hint);
    }
}
