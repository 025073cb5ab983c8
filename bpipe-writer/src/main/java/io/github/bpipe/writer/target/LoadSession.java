package io.github.bpipe.writer.target;

import io.github.bpipe.core.stream.BlockHead;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One native client that loads; what it or the server refuses is a failure that names the block. */
public interface LoadSession extends Closeable {
    /** Hands over the content of a block as it is; the server may refuse it later. */
    void load(BlockHead head, ByteBuffer content) throws IOException;

    /** Waits until the server has executed everything so far. */
    void sync() throws IOException;

    /** There is nothing more to load: waits until the server has taken everything. */
    void finish() throws IOException;

    /** Ends the client, whatever it does; from any thread, repeatedly. */
    @Override
    void close();
}
