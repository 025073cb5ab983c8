package io.github.bpipe.core.process;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.time.Duration;

/**
 * Runs programs one after the other, each within a time and with little of its output kept; another thread can end the
 * one that is under way, and then no other is started.
 */
public final class ProgramRunner {
    private volatile ProgramRun current;
    private volatile boolean ended;

    /**
     * How a program ended.
     *
     * @param status exit status; of no meaning where it was late
     * @param late true where it did not end in time and was killed with its children
     * @param output beginning and end of what it said on stdout, then on stderr
     */
    public record Ended(int status, boolean late, String output) {
        /** True for exit status 0 in time. */
        public boolean isGood() {
            return !late && status == 0;
        }

        /** The end in words: {@code ended with status 3}. */
        public String how(Duration limit) {
            return late
                    ? "did not end within " + limit.toSeconds() + " s and was killed with its children"
                    : "ended with status " + status;
        }
    }

    /** Runs it to its end, or kills it after the limit; it reads nothing. */
    public Ended run(Command command, Duration limit) throws IOException {
        if (ended) {
            throw new Failure(
                    ExitCode.INTERRUPTED, command.name() + " was not started, because we were ended", "run it again");
        }
        current = ProgramRun.start(command);
        // whoever ended us may have looked for it just before it was there
        if (ended) {
            current.kill();
        }
        return current.await(limit);
    }

    /** Kills what is under way, and starts nothing any more. */
    public void end() {
        ended = true;
        ProgramRun run = current;
        if (run != null) {
            run.kill();
        }
    }

    public boolean isEnded() {
        return ended;
    }
}
