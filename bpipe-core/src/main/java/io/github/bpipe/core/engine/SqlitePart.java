package io.github.bpipe.core.engine;

import io.github.bpipe.core.engine.SqliteContents.SqliteDamage;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A part of the full check of a SQLite database file, so that several connections can check at once.
 *
 * <p>All parts together find what {@code PRAGMA integrity_check} finds. {@code quick_check} is the same but for the
 * entries of each index, the order of the keys of a table WITHOUT ROWID, and what a virtual table's module leaves out
 * when asked to be quick; and {@code integrity_check(table)} is the same for one table (pragma.c of SQLite, and
 * https://sqlite.org/pragma.html#pragma_integrity_check). One table can be nearly the whole database, and has its
 * indexes checked one after the other, each by itself: so its indexes are shared out, too. A connection leaves some out
 * when it reads a schema without them, in a transaction that ends without a commit.
 *
 * @param table null for the quick check of the whole file
 * @param virtual true for a virtual table
 * @param leftOut indexes that are not checked, by name
 * @param weight how long it takes, in units of its own
 */
public record SqlitePart(String table, boolean virtual, Set<String> leftOut, long weight) {
    /** Of a large table at once: fewer would read the table too often, more would not stay in a cache. */
    private static final int INDEXES_AT_ONCE = 4;

    /** With less it takes longer to read the schema anew. */
    private static final long LARGE_ROWS = 1000;

    /** In {@code integrity_check(name)} older versions of SQLite take it for a number, and check the whole file. */
    private static final String NUMBER = "[-+]?[0-9].*";

    private static final String TABLES = "SELECT t.name, t.type = 'virtual', i.name FROM pragma_table_list t"
            + " LEFT JOIN pragma_index_list(t.name) i ON i.origin = 'c'"
            + " WHERE t.schema = 'main' AND t.type <> 'view'";

    /**
     * Opens a file that nobody changes or else checks through locks: without locks of its own, since a transaction that
     * leaves indexes out counts as a writer, of which locks would allow only one.
     *
     * @param cacheKib pages in memory; what is looked up comes back often
     */
    public static Connection open(Path file, int cacheKib) throws SQLException {
        Connection connection = SqliteFile.openAlone(file);
        SqliteFile.execute(connection, "PRAGMA cache_size = -" + cacheKib);
        // nothing of what is never committed may reach the file
        SqliteFile.execute(connection, "PRAGMA cache_spill = OFF");
        SqliteFile.text(connection, "PRAGMA journal_mode = MEMORY");
        return connection;
    }

    /**
     * All parts, the whole file first, then the ones that take longest.
     *
     * @param rows of the tables by name, where known
     */
    public static List<SqlitePart> of(Connection connection, Map<String, Long> rows) throws SQLException {
        Map<String, Set<String>> tables = new LinkedHashMap<>();
        Set<String> virtual = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(TABLES)) {
            while (found.next()) {
                String table = found.getString(1);
                Set<String> indexes = tables.computeIfAbsent(table, key -> new HashSet<>());
                if (found.getBoolean(2)) {
                    virtual.add(table);
                }
                if (found.getString(3) != null) {
                    indexes.add(found.getString(3));
                }
            }
        }
        List<SqlitePart> parts = new ArrayList<>();
        parts.add(new SqlitePart(null, false, Set.of(), Long.MAX_VALUE));
        tables.forEach((table, indexes) ->
                parts.addAll(shares(table, virtual.contains(table), indexes, rows.getOrDefault(table, 0L))));
        parts.sort(Comparator.comparingLong(SqlitePart::weight).reversed());
        return parts;
    }

    private static List<SqlitePart> shares(String table, boolean virtual, Set<String> indexes, long rows) {
        if (indexes.size() <= INDEXES_AT_ONCE || rows < LARGE_ROWS || table.matches(NUMBER)) {
            return List.of(new SqlitePart(table, virtual, Set.of(), rows * (1 + indexes.size())));
        }
        List<SqlitePart> shares = new ArrayList<>();
        List<String> all = List.copyOf(indexes);
        for (int from = 0; from < all.size(); from += INDEXES_AT_ONCE) {
            List<String> share = all.subList(from, Math.min(from + INDEXES_AT_ONCE, all.size()));
            Set<String> leftOut = new HashSet<>(indexes);
            share.forEach(leftOut::remove);
            shares.add(new SqlitePart(table, virtual, leftOut, rows * (1 + share.size())));
        }
        return shares;
    }

    /**
     * Checks it.
     *
     * @param connection from {@link #open}
     * @return what could not be checked for want of the application's own functions and collations, in a sentence
     * @throws SqliteDamage with the first finding
     */
    public Optional<String> check(Connection connection) throws SQLException, SqliteDamage {
        if (leftOut.isEmpty()) {
            return verdict(connection);
        }
        leaveOut(connection);
        Optional<String> unchecked = verdict(connection);
        SqliteFile.execute(connection, "ROLLBACK");
        reload(connection);
        return unchecked;
    }

    private Optional<String> verdict(Connection connection) throws SQLException, SqliteDamage {
        try {
            SqliteContents.verdict(
                    connection,
                    table == null
                            ? "PRAGMA quick_check(1)"
                            : "PRAGMA integrity_check(" + SqliteFile.quote(table) + ")");
            return Optional.empty();
        } catch (SQLException e) {
            if (!SqliteFile.unprepared(e)) {
                throw e;
            }
            String kind = virtual ? "virtual table " : "table ";
            // where it is the whole file, the tables will say which of them it was
            return Optional.ofNullable(table)
                    .map(name -> kind + name + " is carried unchecked: " + SqliteFile.message(e));
        }
    }

    /** SQLite refuses a schema that calls an index by another name than its definition does. */
    private void leaveOut(Connection connection) throws SQLException {
        SqliteFile.execute(connection, "BEGIN");
        SqliteFile.execute(connection, "PRAGMA writable_schema = ON");
        try (PreparedStatement statement =
                connection.prepareStatement("DELETE FROM sqlite_schema WHERE type = 'index' AND name = ?")) {
            for (String index : leftOut) {
                statement.setString(1, index);
                statement.execute();
            }
        }
        reload(connection);
    }

    private static void reload(Connection connection) throws SQLException {
        SqliteFile.execute(connection, "PRAGMA writable_schema = RESET");
    }
}
