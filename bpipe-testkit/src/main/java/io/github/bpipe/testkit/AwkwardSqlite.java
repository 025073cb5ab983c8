package io.github.bpipe.testkit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A SQLite database of everything that copies have been seen to lose. */
public final class AwkwardSqlite {
    private static final int BYTE_VALUES = 256;
    private static final int ROWS_WITH_GAPS = 500;

    private static final String[] SCHEMA = {
        "CREATE TABLE \"select\" (id INTEGER PRIMARY KEY AUTOINCREMENT, \"Group By\" TEXT, v)",
        "CREATE TABLE \"a table with \"\"quotes\"\" and 'more'\" (\"x y\" TEXT, b BLOB)",
        "CREATE TABLE MixedCase (Id INTEGER PRIMARY KEY, parent INTEGER REFERENCES MixedCase (Id), n NUMERIC)",
        "CREATE TABLE keyed (k TEXT, l INTEGER, v TEXT, PRIMARY KEY (k, l)) WITHOUT ROWID",
        "CREATE TABLE gen (a INTEGER, b INTEGER AS (a * 2) STORED, c INTEGER AS (a + 1) VIRTUAL, CHECK (a < 1000000))",
        "CREATE TABLE strict_one (i INTEGER NOT NULL, r REAL, t TEXT DEFAULT 'it''s') STRICT",
        "CREATE TABLE empty_one (a)",
        "CREATE TABLE gaps (v TEXT UNIQUE)",
        "CREATE INDEX \"an index\" ON keyed (v COLLATE NOCASE) WHERE v IS NOT NULL",
        "CREATE INDEX on_expression ON gen (a % 7)",
        "CREATE VIEW a_view AS SELECT k, count(*) AS n FROM keyed GROUP BY k",
        "CREATE VIEW \"view on view\" AS SELECT * FROM a_view WHERE n > 1",
        "CREATE TABLE log (what TEXT)",
        "CREATE TRIGGER watch AFTER INSERT ON keyed BEGIN INSERT INTO log VALUES ('new; ' || new.k); END",
        "CREATE VIRTUAL TABLE docs USING fts5(title, body)",
        "CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1, y0, y1)"
    };

    private AwkwardSqlite() {}

    /** With 4 KiB pages, UTF-8 and a rollback journal. */
    public static void create(Path file) {
        create(file, 4096, "UTF-8", "delete", 0);
    }

    /**
     * Creates the file.
     *
     * @param journalMode {@code wal} or {@code delete}
     * @param autoVacuum 0, 1 or 2
     */
    public static void create(Path file, int pageSize, String encoding, String journalMode, int autoVacuum) {
        try (Connection connection = open(file);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA page_size = " + pageSize);
            statement.execute("PRAGMA encoding = '" + encoding + "'");
            statement.execute("PRAGMA auto_vacuum = " + autoVacuum);
            statement.execute("PRAGMA journal_mode = " + journalMode);
            statement.execute("BEGIN");
            for (String definition : SCHEMA) {
                statement.execute(definition);
            }
            fill(connection, statement);
            statement.execute("COMMIT");
            statement.execute("PRAGMA user_version = -77");
            statement.execute("PRAGMA application_id = 1164203");
            statement.execute("ANALYZE");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** Runs SQL in an existing or new file. */
    public static void sql(Path file, String... statements) {
        try (Connection connection = open(file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    /** A connection to an existing or new file. */
    public static Connection open(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file.toUri() + "?mode=rwc");
    }

    private static void fill(Connection connection, Statement statement) throws SQLException {
        try (PreparedStatement values =
                connection.prepareStatement("INSERT INTO \"select\" (\"Group By\", v) VALUES (?, ?)")) {
            add(values, null, null);
            add(values, "NULL", "");
            add(values, "\ud83d\ude00 \u00e4\u00f6\u00fc \u6f22\u5b57", allBytes());
            add(
                    values,
                    "tab\t newline\n return\r backslash\\ ' \" `",
                    "'; DROP TABLE x; --".getBytes(StandardCharsets.UTF_8));
            add(values, "numbers", 9_007_199_254_740_993L);
            add(values, "real", 0.1);
        }
        statement.execute("INSERT INTO \"a table with \"\"quotes\"\" and 'more'\" VALUES ('x', zeroblob(70000))");
        statement.execute("INSERT INTO MixedCase VALUES (1, NULL, 1), (3, 1, 2.5), (2, 3, '007')");
        statement.execute("INSERT INTO keyed VALUES ('a', 1, 'A'), ('a', 2, NULL), ('b', 1, '')");
        statement.execute("INSERT INTO gen (a) VALUES (1), (-5), (999999)");
        statement.execute("INSERT INTO strict_one VALUES (1, 2.0, 'x')");
        for (int i = 1; i <= ROWS_WITH_GAPS; i++) {
            statement.execute("INSERT INTO gaps VALUES ('row " + i + "')");
        }
        statement.execute("DELETE FROM gaps WHERE rowid % 3 = 0");
        statement.execute("INSERT INTO docs VALUES ('one', 'the quick brown fox'), ('two', 'jumps'), ('three', 'fox')");
        statement.execute("DELETE FROM docs WHERE title = 'two'");
        statement.execute("INSERT INTO boxes VALUES (7, 0, 1, 0, 1), (9, 2, 3, 2, 3)");
    }

    private static void add(PreparedStatement values, String text, Object value) throws SQLException {
        values.setString(1, text);
        values.setObject(2, value);
        values.execute();
    }

    private static byte[] allBytes() {
        byte[] bytes = new byte[BYTE_VALUES];
        for (int i = 0; i < BYTE_VALUES; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
