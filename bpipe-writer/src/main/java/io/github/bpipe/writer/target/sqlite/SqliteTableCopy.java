package io.github.bpipe.writer.target.sqlite;

import static io.github.bpipe.core.engine.SqliteFile.execute;
import static io.github.bpipe.core.engine.SqliteFile.quote;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Copies tables of an attached database into the main one of a connection, with their rows, indexes and triggers, by the
 * statements that made them. Rows keep their rowid, and an AUTOINCREMENT its next number.
 */
final class SqliteTableCopy {
    private static final List<String> ROWID_NAMES = List.of("rowid", "_rowid_", "oid");

    private final Connection connection;
    private final String from;

    /** @param from name of the attached database */
    SqliteTableCopy(Connection connection, String from) {
        this.connection = connection;
        this.from = from;
    }

    /** Names of the tables in the attached database but SQLite's own; a virtual table is refused. */
    List<String> tables() throws SQLException, Failure {
        List<String> virtual = names(
                "SELECT name FROM pragma_table_list WHERE schema = ? AND type IN ('virtual', 'shadow') ORDER BY 1",
                from);
        if (!virtual.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "virtual tables cannot be exchanged one by one: " + String.join(", ", virtual),
                    "restore them with --into, or the whole database");
        }
        return names(
                "SELECT name FROM pragma_table_list WHERE schema = ? AND type = 'table' AND name NOT LIKE 'sqlite\\_%'"
                        + " ESCAPE '\\' ORDER BY 1",
                from);
    }

    /** Makes a table, which must not be there; with everything that stands on it. */
    void copy(String table) throws SQLException, Failure {
        objects("table", "name", table);
        String columns = columns(table);
        execute(
                connection,
                "INSERT INTO main." + quote(table) + " (" + columns + ") SELECT " + columns + " FROM " + quote(from)
                        + "." + quote(table));
        copySequence(table);
        requireSameCount(table);
        objects("index", "tbl_name", table);
        objects("trigger", "tbl_name", table);
    }

    private void objects(String type, String column, String table) throws SQLException {
        for (String sql : names(
                "SELECT sql FROM " + quote(from) + ".sqlite_schema WHERE type = '" + type + "' AND " + column
                        + " = ? COLLATE NOCASE AND sql IS NOT NULL ORDER BY rowid",
                table)) {
            execute(connection, sql);
        }
    }

    private String columns(String table) throws SQLException {
        List<String> columns = names("SELECT name FROM pragma_table_xinfo(?, ?) WHERE hidden = 0", table, from);
        List<String> lower =
                columns.stream().map(column -> column.toLowerCase(Locale.ROOT)).toList();
        boolean hasRowid = !names(
                        "SELECT 1 FROM pragma_table_list WHERE schema = ? AND name = ? AND wr = 0", from, table)
                .isEmpty();
        Stream<String> rowid = ROWID_NAMES.stream()
                .filter(name -> hasRowid && !lower.contains(name))
                .limit(1);
        return Stream.concat(rowid, columns.stream().map(SqliteFile::quote)).collect(Collectors.joining(", "));
    }

    private void copySequence(String table) throws SQLException {
        for (String schema : List.of("main", from)) {
            if (names("SELECT 1 FROM " + quote(schema) + ".sqlite_schema WHERE name = 'sqlite_sequence'")
                    .isEmpty()) {
                return;
            }
        }
        change("DELETE FROM main.sqlite_sequence WHERE name = ?", table);
        change(
                "INSERT INTO main.sqlite_sequence (name, seq) SELECT name, seq FROM " + quote(from)
                        + ".sqlite_sequence WHERE name = ?",
                table);
    }

    private void requireSameCount(String table) throws SQLException, Failure {
        String count = "SELECT count(*) FROM ";
        long wanted = SqliteFile.number(connection, count + quote(from) + "." + quote(table));
        long found = SqliteFile.number(connection, count + "main." + quote(table));
        if (wanted != found) {
            throw new Failure(
                    ExitCode.CHECK_FAILED,
                    "the table " + table + " has " + found + " rows instead of " + wanted,
                    "the live database is untouched; use another backup");
        }
    }

    private void change(String sql, String value) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, value);
            statement.execute();
        }
    }

    private List<String> names(String sql, String... values) throws SQLException {
        return names(connection, sql, values);
    }

    /** The first column of an answer. */
    static List<String> names(Connection connection, String sql, String... values) throws SQLException {
        List<String> names = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
        }
        return names;
    }
}
