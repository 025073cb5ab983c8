package io.github.bpipe.writer.target;

import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
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

    /**
     * Loads one block; blocks come in the order of the stream. The target decompresses it, which proves its content, and
     * loads nothing of one that is damaged. It may still work on it, or find it bad, when the call has returned.
     */
    void load(StoredBlock block) throws IOException;

    /** After the last block, when the stream has proven whole: compares the staged copy with what the stream promises. */
    void check(List<ObjectEntry> objects) throws IOException;

    /** Name or file of the staged copy, which holds everything when it has passed its check. */
    String staged();

    /** Puts the staged copy in the place of the live database, atomically. */
    SwitchReport switchOver() throws IOException;

    /** Removes a staged copy that was not switched, and kills every child; from any thread, repeatedly. */
    @Override
    void close();
}
