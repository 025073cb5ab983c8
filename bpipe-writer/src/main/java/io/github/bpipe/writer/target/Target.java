package io.github.bpipe.writer.target;

import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A database that is recreated beside the live one and then put in its place: one class for each engine. The methods are
 * called in the order in which they stand here; until {@link #switchOver} the live database is untouched.
 */
public interface Target extends Closeable {
    /** Proves that this restore is possible and allowed, and creates the empty staged copy. */
    void prepare(Header header) throws IOException;

    /** False for a block that is not to be loaded, and so need not be decompressed. */
    default boolean wants(BlockHead head) {
        return true;
    }

    /**
     * Loads one block; blocks come in the order of the stream, each already checked.
     *
     * @param raw holds the block from index 0; valid only during the call
     */
    void load(BlockHead head, byte[] raw) throws IOException;

    /** After the last block, when the stream has proven whole: compares the staged copy with what the stream promises. */
    void check(List<ObjectEntry> objects) throws IOException;

    /** Puts the staged copy in the place of the live database, atomically. */
    SwitchReport switchOver() throws IOException;

    /** Removes a staged copy that was not switched, and kills every child; from any thread, repeatedly. */
    @Override
    void close();
}
