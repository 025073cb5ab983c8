package io.github.bpipe.writer.diff;

import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/** Reads the contents of a stream and of the live database alike: one class for each engine. */
interface Side extends Closeable {
    /** True for a block that must be seen; all others are never decompressed. */
    boolean wants(BlockHead head);

    void block(BlockHead head, byte[] raw) throws IOException;

    /**
     * The stream has proven whole.
     *
     * @param objects that it lists
     */
    Contents ofStream(List<ObjectEntry> objects) throws IOException;

    Contents ofLive() throws IOException;

    @Override
    default void close() throws IOException {}
}
