package io.github.bpipe.core.stream;

import java.io.IOException;

/** Takes the blocks of a dump in the order in which they stand in the stream. */
public interface BlockSink {
    /**
     * Takes one block.
     *
     * <p>The array changes hands: the caller fills the returned one next and never touches the given one again.
     *
     * @param phase what the statements do
     * @param object the table or other object, or null
     * @param filled holds the raw bytes from index 0; its length is {@link StreamFormat#BLOCK_BYTES}
     * @param length how many raw bytes, at least 1
     * @param rows that end in this block
     * @param continues true when the last statement goes on in the next block
     * @return an array of {@link StreamFormat#BLOCK_BYTES} to fill next
     */
    byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues)
            throws IOException;

    /**
     * Takes the last block of {@link Phase#DATA} of an object, as {@link #block}, where that is known in time; a restore can
     * then do at once what needs all rows of the object.
     */
    default byte[] lastBlock(String object, byte[] filled, int length, long rows) throws IOException {
        return block(Phase.DATA, object, filled, length, rows, false);
    }
}
