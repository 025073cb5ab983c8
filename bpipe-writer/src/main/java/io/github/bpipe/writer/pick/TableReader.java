package io.github.bpipe.writer.pick;

import io.github.bpipe.core.stream.BlockHead;
import java.io.Closeable;
import java.io.IOException;

/** Rows of chosen tables out of the blocks of a stream: one class for each engine. */
public interface TableReader extends Closeable {
    /** True for a block that it must see; all others are never decompressed. */
    boolean wants(BlockHead head) throws IOException;

    /**
     * Takes a block that it wants.
     *
     * @param raw holds the block from index 0; valid only during the call
     */
    void block(BlockHead head, byte[] raw) throws IOException;

    /** The stream has proven whole. */
    void end() throws IOException;

    @Override
    default void close() throws IOException {}
}
