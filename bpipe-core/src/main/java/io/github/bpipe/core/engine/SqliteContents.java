package io.github.bpipe.core.engine;

import io.github.bpipe.core.stream.ObjectEntry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a SQLite database file holds, and whether it is sound: asked in the same way of a dump and of a restore. */
public final class SqliteContents {
    private static final String OBJECTS = "SELECT name, type, sql FROM sqlite_schema ORDER BY rowid";

    private SqliteContents() {}

    /**
     * Every object of the schema. Rows are counted in ordinary tables, among them the ones that a virtual table keeps
     * its rows in; null for all else.
     */
    public static List<ObjectEntry> objects(Connection connection) throws SQLException {
        List<ObjectEntry> objects = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(OBJECTS)) {
            while (rows.next()) {
                String name = rows.getString(1);
                String kind = kind(rows.getString(2), rows.getString(3));
                objects.add(new ObjectEntry(name, kind, null, null));
            }
        }
        for (int i = 0; i < objects.size(); i++) {
            ObjectEntry object = objects.get(i);
            if ("table".equals(object.kind())) {
                objects.set(i, new ObjectEntry(object.name(), object.kind(), count(connection, object.name()), null));
            }
        }
        return objects;
    }

    /**
     * Checks every page, row and index.
     *
     * @return what could not be checked for want of the application's own functions and collations, one sentence each
     * @throws SqliteDamage with the first finding
     */
    public static List<String> check(Connection connection) throws SQLException, SqliteDamage {
        return check(connection, "integrity_check");
    }

    /**
     * Checks every page and row, in a tenth of the time; whether each index is that of its table is left out.
     *
     * @return as {@link #check}
     * @throws SqliteDamage with the first finding
     */
    public static List<String> checkStructure(Connection connection) throws SQLException, SqliteDamage {
        return check(connection, "quick_check");
    }

    private static List<String> check(Connection connection, String pragma) throws SQLException, SqliteDamage {
        try {
            verdict(connection, "PRAGMA " + pragma + "(1)");
            return List.of();
        } catch (SQLException e) {
            if (!SqliteFile.unprepared(e)) {
                throw e;
            }
            return checkEach(connection, pragma);
        }
    }

    private static List<String> checkEach(Connection connection, String pragma) throws SQLException, SqliteDamage {
        List<String> unchecked = new ArrayList<>();
        for (ObjectEntry object : objects(connection)) {
            if (!"table".equals(object.kind())) {
                continue;
            }
            try {
                verdict(connection, "PRAGMA " + pragma + "(" + SqliteFile.quote(object.name()) + ")");
            } catch (SQLException e) {
                if (!SqliteFile.unprepared(e)) {
                    throw e;
                }
                unchecked.add("table " + object.name() + " is carried unchecked: " + SqliteFile.message(e));
            }
        }
        return unchecked;
    }

    static void verdict(Connection connection, String pragma) throws SQLException, SqliteDamage {
        String verdict = SqliteFile.text(connection, pragma);
        if (!"ok".equals(verdict)) {
            throw new SqliteDamage(verdict.replace('\n', ' '));
        }
    }

    private static String kind(String type, String sql) {
        boolean virtual = sql != null && sql.toUpperCase(Locale.ROOT).startsWith("CREATE VIRTUAL TABLE");
        return virtual ? "virtual table" : type;
    }

    /** Where the application's own collation is missing, no index can be used: it counts without one. */
    private static long count(Connection connection, String table) throws SQLException {
        String query = "SELECT count(*) FROM " + SqliteFile.quote(table);
        try {
            return SqliteFile.number(connection, query);
        } catch (SQLException e) {
            if (SqliteFile.unprepared(e)) {
                return SqliteFile.number(connection, query + " NOT INDEXED");
            }
            throw e;
        }
    }

    /** The finding of an integrity check. */
    public static final class SqliteDamage extends Exception {
        SqliteDamage(String finding) {
            super(finding);
        }
    }
}
