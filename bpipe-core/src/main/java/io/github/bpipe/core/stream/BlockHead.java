package io.github.bpipe.core.stream;

/**
 * The B frame that stands before each zstd frame.
 *
 * @param n number of the block, from 0, without gaps
 * @param phase what its statements do
 * @param object the table or other object it belongs to, or null
 * @param raw bytes before compression, at most {@link StreamFormat#MAX_BLOCK_BYTES}
 * @param stored bytes of the zstd frame that follows
 * @param rows that end in this block, 0 outside of {@link Phase#DATA}
 * @param continues true when the last statement goes on in the next block
 * @param last true when no other block holds rows of the object; null where that is not known
 */
public record BlockHead(
        long n, Phase phase, String object, int raw, int stored, long rows, boolean continues, Boolean last) {
    /** A block of which it is not known whether it is the last one of its object. */
    public BlockHead(long n, Phase phase, String object, int raw, int stored, long rows, boolean continues) {
        this(n, phase, object, raw, stored, rows, continues, null);
    }

    /** True when this is known to be the last block with rows of its object. */
    public boolean isLast() {
        return Boolean.TRUE.equals(last);
    }
}
