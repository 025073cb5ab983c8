package io.github.bpipe.core.error;

import java.io.IOException;

/**
 * A failure that a user can meet: what happened, to what, and the next step.
 *
 * <p>The message is lower case without a full stop; neither it nor the hint ever holds a secret.
 */
public class Failure extends IOException {
    private final ExitCode exitCode;
    private final String hint;

    public Failure(ExitCode exitCode, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public Failure(ExitCode exitCode, String message, String hint, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /** What anything that was thrown comes down to. */
    public static Failure of(Exception e) {
        if (e instanceof Failure failure) {
            return failure;
        }
        if (e instanceof IOException) {
            return new Failure(
                    ExitCode.OUTPUT,
                    "input or output failed: " + e.getMessage(),
                    "look for a full disk or a closed pipe",
                    e);
        }
        return new Failure(
                ExitCode.INTERNAL,
                "a defect in the program: " + e,
                "run it again with --debug and report what it prints",
                e);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** The next step for whoever meets this. */
    public String hint() {
        return hint;
    }
}
