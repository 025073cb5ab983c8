package io.github.bpipe.core.engine;

import java.io.IOException;

/** How a database of MariaDB or MySQL says that an in-place restore of it did not finish: by a table. */
public final class MariaDbHalfRestored {
    /** Stands in a database from before its old content is dropped until its new one is complete. */
    public static final String TABLE = "__bpipe_half_restored";

    private MariaDbHalfRestored() {}

    /** True where the mark stands in that database. */
    public static boolean isMarked(SqlSession session, String database) throws IOException {
        return hasTable(session, database, TABLE);
    }

    static boolean hasTable(SqlSession session, String database, String table) throws IOException {
        String schema = MariaDbClients.literal(database);
        return !session.query("SELECT 1 FROM information_schema.TABLES WHERE TABLE_SCHEMA = " + schema
                        + " AND BINARY TABLE_SCHEMA = BINARY " + schema + " AND TABLE_NAME = '" + table + "'")
                .isEmpty();
    }
}
