package io.github.bpipe.core.stream;

import java.time.Instant;

/**
 * The T frame: the proof that the stream is whole.
 *
 * @param blocks how many
 * @param objects how many the O frames list
 * @param raw bytes of all blocks before compression
 * @param rows of all blocks, or of all listed objects where blocks hold no rows of their own (SQLite)
 * @param longest bytes of the longest statement
 * @param sha256 of every byte before T, in lower-case hexadecimal
 * @param finished when the native dump was known to be complete
 */
public record Trailer(long blocks, long objects, long raw, long rows, long longest, String sha256, Instant finished) {}
