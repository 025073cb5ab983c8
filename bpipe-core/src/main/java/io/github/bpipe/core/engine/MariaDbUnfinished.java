package io.github.bpipe.core.engine;

import java.io.IOException;

/**
 * How a database of MariaDB or MySQL says that it is being switched: by a table. Where a run ends in the middle of that,
 * triggers, views, routines, events and grants may be missing, until the next run of bpipe-writer completes or undoes the
 * switch.
 */
public final class MariaDbUnfinished {
    /** Stands in the live database from before anything is taken from it until everything is there again. */
    public static final String TABLE = "__bpipe_unfinished";

    private MariaDbUnfinished() {}

    /** True where the mark stands in that database. */
    public static boolean isMarked(SqlSession session, String database) throws IOException {
        return MariaDbHalfRestored.hasTable(session, database, TABLE);
    }

    /** The statement that sets the mark, where it is not set. */
    public static String mark(String database) {
        return "CREATE TABLE IF NOT EXISTS " + table(database)
                + " (i INT) ENGINE = InnoDB COMMENT = 'a restore of this database is not finished: run bpipe-writer again'";
    }

    /** The statement that takes the mark away, where it is set. */
    public static String clear(String database) {
        return "DROP TABLE IF EXISTS " + table(database);
    }

    private static String table(String database) {
        return MariaDbClients.identifier(database) + "." + TABLE;
    }
}
