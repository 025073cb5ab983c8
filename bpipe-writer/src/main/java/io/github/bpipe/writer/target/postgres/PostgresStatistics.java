package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.util.List;

/**
 * The statistics that the planner needs, which no dump brings: one statement for each table, so that several sessions
 * can work on them. Together they do what {@code ANALYZE} without a name does.
 */
final class PostgresStatistics {
    private static final String TABLES = "SELECT oid FROM pg_catalog.pg_class"
            + " WHERE relkind IN ('r', 'm', 'p') AND relpersistence <> 't'"
            + " AND oid <> 'pg_catalog.pg_statistic'::pg_catalog.regclass ORDER BY relpages DESC, oid";

    private PostgresStatistics() {}

    /**
     * The statements, those of large tables first. They name the tables by number, since in the session of a dump no
     * encoding fits the names of every database.
     */
    static List<String> statements(PostgresClients clients, String database) throws IOException {
        try (SqlSession session = clients.session(database)) {
            return session.column(TABLES).stream()
                    .map(PostgresStatistics::statement)
                    .toList();
        }
    }

    private static String statement(String oid) {
        return "DO $$BEGIN EXECUTE (SELECT pg_catalog.format('ANALYZE %I.%I', n.nspname, c.relname)"
                + " FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = " + oid + "); END$$;\n";
    }
}
