package io.github.bpipe.writer.pick;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;

/** Refusals of what a block holds, whose bytes are proven to be those that the reader wrote. */
public final class Malformed {
    /** The longest text of one row that is held in memory: a quarter of the installed heap. */
    public static final int MAX_ROW_BYTES = 64 << 20;

    private static final String HINT = "restore the table instead: bpipe-writer --only TABLE --into NAME";

    private Malformed() {}

    /** The text is not what the engine's dump program prints. */
    public static Failure block(BlockHead head, String what) {
        return new Failure(
                ExitCode.UNSUPPORTED_STREAM,
                "block " + head.n() + " (" + head.object() + ") cannot be taken apart: " + what,
                HINT);
    }

    /** A row does not fit into memory. */
    public static Failure tooLong(BlockHead head) {
        return new Failure(
                ExitCode.UNSUPPORTED_STREAM,
                "a row of " + head.object() + " is longer than " + (MAX_ROW_BYTES >> 20) + " MiB of text (block "
                        + head.n() + ")",
                HINT);
    }
}
