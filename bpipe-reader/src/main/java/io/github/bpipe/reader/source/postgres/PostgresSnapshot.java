package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A session that keeps every table locked against changes of its definition, and a snapshot taken after the locks: what
 * pg_dump prints of a definition comes from the catalogue of the moment, not from the snapshot. Materialized views and
 * foreign tables cannot be locked.
 *
 * @param session in the transaction whose snapshot is exported; it must stay open while the snapshot is used
 * @param id what {@code pg_dump --snapshot} takes
 */
record PostgresSnapshot(SqlSession session, String id) {
    /** Opens a session that is closed by whoever opens it. */
    interface Sessions {
        SqlSession open() throws IOException;
    }

    private static final int TABLES_IN_ONE_LOCK = 500;
    private static final int ATTEMPTS = 5;

    /** Ends all limits of a session's time; which of them exist depends on the version. */
    static final String NO_LIMITS = """
            SELECT pg_catalog.set_config(name, '0', false) FROM pg_catalog.pg_settings
            WHERE name IN ('statement_timeout', 'lock_timeout', 'transaction_timeout', 'idle_session_timeout',
              'idle_in_transaction_session_timeout')""";

    private static final String SETTINGS =
            "SET search_path = ''; SET DateStyle = 'ISO, YMD'; SET TimeZone = 'UTC'; SET standard_conforming_strings = on";

    private static final String TABLE_NAMES =
            "SELECT COALESCE(pg_catalog.json_agg(t.name), '[]') FROM (" + PostgresChecks.TABLES + ") AS t";

    private static final String HOLDER = """
            SELECT pg_catalog.format('table %I.%I is locked by the session with process id %s', n.nspname, c.relname, l.pid)
            FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_class AS c ON c.oid = l.relation
              JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
              JOIN pg_catalog.pg_database AS d ON d.oid = l.database AND d.datname = pg_catalog.current_database()
            WHERE l.mode = 'AccessExclusiveLock' AND l.granted AND c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_'
            ORDER BY 1 LIMIT 1""";

    /** Opens a session without time limits that sees names qualified and times in UTC. */
    static SqlSession prepare(SqlSession session) throws IOException {
        session.execute(NO_LIMITS);
        session.execute(SETTINGS);
        return session;
    }

    /**
     * Locks and exports.
     *
     * @param first a prepared session
     * @param sessions gives another one where a lock has failed, which ends a session
     * @param lockLimit how long to wait for the locks of one batch of tables
     */
    static PostgresSnapshot take(SqlSession first, Sessions sessions, Duration lockLimit) throws IOException {
        SqlSession session = first;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Set<String> tables = new HashSet<>(PostgresChecks.names(session, TABLE_NAMES));
            try {
                String id = lockAndExport(session, List.copyOf(tables), lockLimit);
                if (tables.containsAll(PostgresChecks.names(session, TABLE_NAMES))) {
                    return new PostgresSnapshot(session, id);
                }
                session.execute("ROLLBACK");
            } catch (Failure e) {
                session.close();
                session = prepare(sessions.open());
                if (e.exitCode() == ExitCode.BUSY) {
                    throw busy(e, session);
                }
                if (!e.getMessage().contains("does not exist")) {
                    throw e;
                }
                // a table was dropped between the list and the lock: once more
            }
        }
        throw new Failure(
                ExitCode.BUSY,
                "tables are created and dropped faster than they can be locked",
                "run it again when the schema is at rest");
    }

    private static String lockAndExport(SqlSession session, List<String> tables, Duration lockLimit)
            throws IOException {
        session.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        session.execute("SET LOCAL lock_timeout = " + lockLimit.toMillis());
        for (int from = 0; from < tables.size(); from += TABLES_IN_ONE_LOCK) {
            List<String> batch = tables.subList(from, Math.min(from + TABLES_IN_ONE_LOCK, tables.size()));
            // ONLY, because each partition and child is listed itself
            session.execute("LOCK TABLE ONLY " + String.join(", ONLY ", batch) + " IN ACCESS SHARE MODE");
        }
        return session.value("SELECT pg_catalog.pg_export_snapshot()");
    }

    private static Failure busy(Failure failure, SqlSession session) throws IOException {
        List<String> holder = session.column(HOLDER);
        session.close();
        return new Failure(
                ExitCode.BUSY,
                holder.isEmpty() ? "a table stayed locked for too long: " + failure.getMessage() : holder.get(0),
                "wait for the change of that table to end, or end its session, and run it again",
                failure);
    }
}
