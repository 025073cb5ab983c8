package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.engine.PostgresObjects.Item;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.ObjectEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Compares a loaded database with what the stream promises: each object is there, each table has its rows.
 *
 * <p>The names in a stream are compared, or given to the server as text, and never run.
 */
final class PostgresCheck {
    private static final int TABLES_IN_ONE_QUERY = 100;
    private static final int NAMED = 3;

    private final SqlSession session;
    private final List<String> differences = new ArrayList<>();

    private PostgresCheck(SqlSession session) {
        this.session = session;
    }

    /** Fails with the first differences where there are any. */
    static void check(PostgresClients clients, String database, List<ObjectEntry> promised) throws IOException {
        try (SqlSession session = clients.session(database)) {
            // what hides rows from us is an error, and names are written with their schemas
            session.execute("SET row_security = off; SET search_path = ''");
            PostgresCheck check = new PostgresCheck(session);
            check.compare(promised);
            check.report(database);
        }
    }

    private void compare(List<ObjectEntry> promised) throws IOException {
        Set<Item> present = new HashSet<>(PostgresObjects.list(session));
        List<ObjectEntry> tables = new ArrayList<>();
        for (ObjectEntry entry : promised) {
            switch (entry.kind()) {
                case PostgresObjects.LARGE_OBJECTS ->
                    compareRows(entry, session.value("SELECT count(*) FROM pg_largeobject_metadata"));
                // made by its extension, which is listed; nobody knows how many rows that one brings
                case PostgresObjects.EXTENSION_TABLE -> requirePresent(entry, isRelation(entry.name()));
                default -> {
                    boolean there = present.contains(new Item(entry.kind(), entry.name()));
                    requirePresent(entry, there);
                    if (there && entry.kind().equals(PostgresObjects.TABLE) && entry.rows() != null) {
                        tables.add(entry);
                    }
                }
            }
        }
        for (int from = 0; from < tables.size(); from += TABLES_IN_ONE_QUERY) {
            countRows(tables.subList(from, Math.min(from + TABLES_IN_ONE_QUERY, tables.size())));
        }
    }

    /** Their names were found in the catalogue, quoted as the server quotes them, so that they can stand in a query. */
    private void countRows(List<ObjectEntry> tables) throws IOException {
        // parallel workers answer the branches of a union in any order
        List<String> counts = session.column(IntStream.range(0, tables.size())
                .mapToObj(i -> "SELECT " + i + " AS n, count(*) AS rows FROM ONLY "
                        + tables.get(i).name())
                .collect(Collectors.joining(" UNION ALL ", "SELECT rows FROM (", ") counted ORDER BY n")));
        for (int i = 0; i < tables.size(); i++) {
            compareRows(tables.get(i), counts.get(i));
        }
    }

    private boolean isRelation(String name) throws IOException {
        return session.value("SELECT to_regclass(" + literal(name) + ")") != null;
    }

    private void requirePresent(ObjectEntry entry, boolean there) {
        if (!there) {
            differences.add("the " + entry.kind() + " " + entry.name() + " is missing");
        }
    }

    private void compareRows(ObjectEntry entry, String counted) {
        if (entry.rows() != null && entry.rows() != Long.parseLong(counted)) {
            differences.add("the " + entry.kind() + " " + entry.name() + " has " + counted + " rows instead of "
                    + entry.rows());
        }
    }

    private void report(String database) throws Failure {
        if (differences.isEmpty()) {
            return;
        }
        String named = differences.stream().limit(NAMED).collect(Collectors.joining("; "));
        int more = differences.size() - NAMED;
        throw new Failure(
                ExitCode.CHECK_FAILED,
                "what was loaded into " + database + " is not what the stream promises: " + named
                        + (more > 0 ? "; and " + more + " more differences" : ""),
                "did anybody change the staged copy? run it again, and report this if it happens again");
    }
}
