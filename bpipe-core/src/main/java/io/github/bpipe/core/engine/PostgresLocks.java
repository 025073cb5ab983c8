package io.github.bpipe.core.engine;

import static io.github.bpipe.core.engine.PostgresClients.literal;

/**
 * The advisory locks that keep the runs on one database apart, from whatever host they come. Each dies with its session,
 * which is one on {@link #DATABASE}: these locks hold within one database only.
 *
 * <p>Readers share theirs while they dump; a writer takes it for itself while the database changes under its name.
 */
public final class PostgresLocks {
    /** Where the sessions with the locks live, since the database itself may be missing and is renamed. */
    public static final String DATABASE = "postgres";

    /** The letters bpip, by which the locks of writers are known in {@code pg_locks}. */
    public static final int WRITER_CLASS = 0x62706970;

    private static final int READER_CLASS = WRITER_CLASS + 1;

    private PostgresLocks() {}

    /** The two arguments of the lock functions for the only writer of that database. */
    public static String ofWriter(String database) {
        return key(WRITER_CLASS, database);
    }

    /** The two arguments of the lock functions for the readers of that database. */
    public static String ofReaders(String database) {
        return key(READER_CLASS, database);
    }

    /** The query for the server processes that hold such a lock. */
    public static String holders(String lock) {
        String[] numbers = lock.split(", ", 2);
        return "SELECT l.pid FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted AND l.classid = "
                + numbers[0] + " AND l.objid::bigint::bit(32) = (" + numbers[1] + ")::bit(32)";
    }

    private static String key(int lockClass, String database) {
        return lockClass + ", pg_catalog.hashtext(" + literal(database) + ")";
    }
}
