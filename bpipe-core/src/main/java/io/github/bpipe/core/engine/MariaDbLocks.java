package io.github.bpipe.core.engine;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The user-level locks ({@code GET_LOCK}) that keep the runs on one database apart, from whatever host they come. Each
 * dies with its session.
 *
 * <p>A reader holds one of {@link #ofReaders} while it dumps, so that several can; a writer takes all of them while the
 * database changes under its name.
 */
public final class MariaDbLocks {
    private static final int READERS = 8;
    private static final int DIGITS = 32;

    private MariaDbLocks() {}

    /** The lock whose holder is the only writer of that database; leaves room for a suffix in the server's 64 characters. */
    public static String ofWriter(String database) {
        return "bpipe." + NameDigest.of(database, DIGITS);
    }

    /** As many as readers may dump that database at once. */
    public static List<String> ofReaders(String database) {
        return IntStream.range(0, READERS)
                .mapToObj(i -> ofWriter(database) + ".read" + i)
                .toList();
    }
}
