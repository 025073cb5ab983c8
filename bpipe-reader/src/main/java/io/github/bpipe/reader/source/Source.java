package io.github.bpipe.reader.source;

import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.reader.encode.ObjectLedger;
import java.io.Closeable;
import java.io.IOException;

/** A live database that can be dumped consistently: one class for each engine. */
public interface Source extends Closeable {
    /**
     * Connects, proves that a consistent dump is possible, and learns what goes into the header. Everything that can be
     * known to fail fails here, before the first byte of data.
     */
    SourceFacts open() throws IOException;

    /**
     * Dumps everything as blocks, and lists in the ledger what was dumped. Returns only when the dump is known to be
     * whole: the native program ended with status 0 and its own end marker was seen.
     */
    Dumped dump(BlockSink sink, ObjectLedger ledger) throws IOException;

    /** Ends a dump under way, kills every child and removes temporary files; from any thread, repeatedly. */
    @Override
    void close();
}
