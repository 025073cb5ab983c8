package io.github.bpipe.reader.source;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;

/** A database that an in-place restore has emptied and not filled again must never be dumped as a good one. */
public final class HalfRestored {
    private HalfRestored() {}

    /**
     * The refusal.
     *
     * @param database name or file
     */
    public static Failure failure(String database) {
        return new Failure(
                ExitCode.UNSUITABLE,
                database + " is half restored: an in-place restore is under way or did not finish",
                "repeat that restore with bpipe-writer; bpipe-writer status shows what stands there");
    }
}
