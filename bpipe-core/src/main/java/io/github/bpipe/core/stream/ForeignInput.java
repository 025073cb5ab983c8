package io.github.bpipe.core.stream;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names what was given in place of a stream, by its first bytes. */
final class ForeignInput {
    static final String ZSTD = "a zstd file of another program";

    private static final int GZIP_MAGIC = 0x8B1F;
    private static final int GZIP_MASK = 0xFFFF;

    /** The sixteen magic numbers of zstd skippable frames differ in the lowest four bits (RFC 8878, 3.1.2). */
    private static final int SKIPPABLE_MASK = ~0xF;

    private ForeignInput() {}

    /**
     * In words, for a message.
     *
     * @param head the first bytes of the input, at least one
     */
    static String describe(byte[] head) {
        int magic = FrameCodec.littleEndianInt(Arrays.copyOf(head, StreamFormat.MAGIC_BYTES), 0);
        boolean skippable = (magic & SKIPPABLE_MASK) == (StreamFormat.SKIPPABLE_MAGIC & SKIPPABLE_MASK);
        if (magic == StreamFormat.ZSTD_MAGIC || skippable) {
            return ZSTD;
        }
        if ((magic & GZIP_MASK) == GZIP_MAGIC) {
            return "a gzip file";
        }
        for (byte b : head) {
            if (b < ' ' && b != '\n' && b != '\r' && b != '\t') {
                return "something else";
            }
        }
        return "text (\"" + new String(head, StandardCharsets.US_ASCII).strip() + "...\")";
    }
}
