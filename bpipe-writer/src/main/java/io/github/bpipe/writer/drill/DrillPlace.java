package io.github.bpipe.writer.drill;

import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.Closeable;
import java.io.IOException;

/** Where a drill restores to. The live database is never in it. */
interface DrillPlace extends Closeable {
    /**
     * Looks for the programs that it needs.
     *
     * @param dumped version of the server that the dump comes from, or null
     */
    default void find(String dumped) throws IOException {}

    /** Proves that there is room for the stream's database, and makes the place. */
    void open(Header header) throws IOException;

    /** How to restore there, once it is open. */
    TargetOptions options();

    /** True where nothing but this drill is in it, so that the database can get its own name. */
    boolean isOwn();

    /** What it is, for people: {@code a throwaway MariaDB 10.11.19}. */
    String describe();

    /** Removes everything that {@link #open} has made; from any thread, repeatedly. */
    @Override
    void close();
}
