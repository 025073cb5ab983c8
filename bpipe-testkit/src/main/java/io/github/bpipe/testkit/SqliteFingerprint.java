package io.github.bpipe.testkit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What a SQLite database holds, as lines that can be compared: its settings, every definition, and a checksum of every
 * table's rows with their rowids and storage classes. The journal mode is not among them.
 */
public final class SqliteFingerprint {
    private static final List<String> PRAGMAS =
            List.of("page_size", "encoding", "user_version", "application_id", "auto_vacuum", "integrity_check");

    private SqliteFingerprint() {}

    /** The lines of one database. */
    public static List<String> of(Path file) {
        List<String> lines = new ArrayList<>();
        try (Connection connection = AwkwardSqlite.open(file)) {
            for (String pragma : PRAGMAS) {
                lines.add(pragma + " " + texts(connection, "PRAGMA " + pragma));
            }
            lines.addAll(texts(
                    connection,
                    "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema ORDER BY 1"));
            // a leading digit says whether the table has rowids
            for (String table : texts(
                    connection,
                    "SELECT (NOT wr) || name FROM pragma_table_list WHERE schema = 'main'"
                            + " AND type IN ('table', 'shadow') AND name <> 'sqlite_schema' ORDER BY name")) {
                String name = table.substring(1);
                lines.add(name + " " + rows(connection, name, table.startsWith("1")));
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        return lines;
    }

    /** The journal mode of a file. */
    public static String journalMode(Path file) {
        return text(file, "PRAGMA journal_mode");
    }

    /** The first value that a query yields. */
    public static String text(Path file, String query) {
        try (Connection connection = AwkwardSqlite.open(file)) {
            return texts(connection, query).get(0);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    private static String rows(Connection connection, String table, boolean rowids) throws SQLException {
        String quoted = '"' + table.replace("\"", "\"\"") + '"';
        String query = "SELECT " + (rowids ? "rowid, " : "") + "* FROM " + quoted + " ORDER BY 1";
        MessageDigest digest = sha256();
        long count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                count++;
                for (int i = 1; i <= columns; i++) {
                    add(digest, rows.getObject(i));
                }
            }
        }
        return count + " " + HexFormat.of().formatHex(digest.digest());
    }

    private static void add(MessageDigest digest, Object value) {
        String type = value == null ? "null" : value.getClass().getSimpleName();
        byte[] bytes =
                value instanceof byte[] blob ? blob : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
        digest.update((type + bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
