package io.github.bpipe.writer.pick;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import java.io.IOException;
import java.util.Arrays;

/**
 * Hands on blocks whole, and keeps what a parser has not used up when a statement goes on in the next block: never more
 * than one row.
 */
public final class UnitBuffer {
    /** Takes apart what it can. */
    public interface Parser {
        /** Index of the first byte that is not used up: where a row, or the head of a statement, is cut off. */
        int parse(byte[] bytes, int to) throws IOException;
    }

    private byte[] kept = {};
    private int length;

    /**
     * Parses a block behind what was kept.
     *
     * @throws Failure where the text ends in the middle though the block does not go on, or a row is too long
     */
    public void block(BlockHead head, byte[] raw, Parser parser) throws IOException {
        byte[] bytes = raw;
        int to = head.raw();
        if (length > 0) {
            append(head, raw);
            bytes = kept;
            to = length;
        }
        int used = parser.parse(bytes, to);
        if (used < to && !head.continues()) {
            throw Malformed.block(head, "it ends in the middle of a row");
        }
        if (bytes == kept) {
            System.arraycopy(kept, used, kept, 0, to - used);
        } else if (used < to) {
            kept = Arrays.copyOfRange(bytes, used, to);
        }
        length = to - used;
        if (length == 0) {
            kept = new byte[0];
        }
    }

    private void append(BlockHead head, byte[] raw) throws Failure {
        long needed = (long) length + head.raw();
        if (needed > Malformed.MAX_ROW_BYTES) {
            throw Malformed.tooLong(head);
        }
        if (needed > kept.length) {
            kept = Arrays.copyOf(kept, (int) Math.min(Malformed.MAX_ROW_BYTES, Math.max(needed, kept.length * 2L)));
        }
        System.arraycopy(raw, 0, kept, length, head.raw());
        length += head.raw();
    }
}
