package io.github.bpipe.core.stream;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;

/** The input is not an acceptable stream; names the byte at which that shows. */
public final class StreamException extends Failure {
    private final long offset;

    StreamException(ExitCode exitCode, long offset, String message) {
        super(exitCode, message + " at byte " + offset, hintFor(exitCode));
        this.offset = offset;
    }

    StreamException(ExitCode exitCode, long offset, String message, String hint) {
        super(exitCode, message, hint);
        this.offset = offset;
    }

    /** Bytes from the beginning of the input to the frame or field that is wrong. */
    public long offset() {
        return offset;
    }

    private static String hintFor(ExitCode exitCode) {
        return switch (exitCode) {
            case NOT_A_STREAM -> "give it the output of bpipe-reader";
            case TRUNCATED_STREAM ->
                "the dump or its transfer was cut off: use an older backup, or copy the file again";
            case UNSUPPORTED_STREAM -> "install a newer bpipe-toolkit";
            default -> "use another copy or an older backup";
        };
    }
}
