package io.github.bpipe.writer.target.sqlite;

import static io.github.bpipe.core.engine.SqliteFile.quote;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.Extent;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What of a database depends on tables that are exchanged in it. SQLite finds everything by name, so only that can break
 * which cannot be compiled any more, or rows that refer to others which are gone: both are tried out, before and after.
 */
final class SqliteDependents {
    private final Connection connection;
    private final Set<String> brokenBefore;
    private final Map<String, Integer> orphansBefore;
    private final List<String> tables;

    /** Looks at the database as it is before. */
    SqliteDependents(Connection connection, List<String> tables) throws SQLException {
        this.connection = connection;
        this.tables = tables;
        this.brokenBefore = broken();
        this.orphansBefore = orphans();
    }

    /**
     * Refuses what has broken since.
     *
     * @param warnings gets it where it is accepted
     */
    void require(Extent extent, List<String> warnings) throws SQLException, Failure {
        List<String> found = new ArrayList<>();
        for (String name : broken()) {
            if (!brokenBefore.contains(name)) {
                found.add(name + " cannot work with them");
            }
        }
        orphans().forEach((key, count) -> {
            int more = count - orphansBefore.getOrDefault(key, 0);
            if (more > 0) {
                found.add(more + " rows of " + key + " refer to rows that are not there");
            }
        });
        if (!found.isEmpty() && extent == Extent.TABLES) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the restored tables do not fit the rest: " + String.join(", ", found),
                    "restore those tables too, accept it with --ignore-dependents, or restore with --into");
        }
        found.forEach(each -> warnings.add("the restored tables do not fit the rest: " + each));
    }

    /** Views, and tables with triggers, that cannot be compiled. */
    private Set<String> broken() throws SQLException {
        Set<String> broken = new TreeSet<>();
        for (String view :
                SqliteTableCopy.names(connection, "SELECT name FROM main.sqlite_schema WHERE type = 'view'")) {
            if (!compiles("SELECT * FROM main." + quote(view))) {
                broken.add("the view " + view);
            }
        }
        for (String table : SqliteTableCopy.names(
                connection,
                "SELECT DISTINCT tbl_name FROM main.sqlite_schema AS s WHERE type = 'trigger' AND EXISTS (SELECT 1 FROM"
                        + " main.sqlite_schema AS t WHERE t.type = 'table' AND t.name = s.tbl_name)")) {
            String column = SqliteTableCopy.names(
                            connection, "SELECT name FROM pragma_table_xinfo(?, 'main') WHERE hidden = 0", table)
                    .get(0);
            String name = "main." + quote(table);
            if (!compiles("INSERT INTO " + name + " DEFAULT VALUES")
                    || !compiles("DELETE FROM " + name)
                    || !compiles("UPDATE " + name + " SET " + quote(column) + " = " + quote(column))) {
                broken.add("the triggers of " + table);
            }
        }
        return broken;
    }

    /** Rows that break a foreign key from or to the tables, counted by table and parent. */
    private Map<String, Integer> orphans() throws SQLException {
        Set<String> children = new TreeSet<>();
        for (String table : tables) {
            children.addAll(SqliteTableCopy.names(
                    connection,
                    "SELECT m.name FROM main.sqlite_schema AS m, pragma_foreign_key_list(m.name, 'main') AS f WHERE m.type ="
                            + " 'table' AND (f.\"table\" = ? COLLATE NOCASE OR m.name = ? COLLATE NOCASE)",
                    table,
                    table));
        }
        Map<String, Integer> orphans = new HashMap<>();
        for (String child : children) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("PRAGMA main.foreign_key_check(" + quote(child) + ")")) {
                while (rows.next()) {
                    orphans.merge(child + " to " + rows.getString(3), 1, Integer::sum);
                }
            } catch (SQLException e) {
                if (!SqliteFile.unprepared(e)) {
                    throw e;
                }
                orphans.put(child + ", whose foreign key does not fit its parent,", Integer.MAX_VALUE);
            }
        }
        return orphans;
    }

    private boolean compiles(String sql) throws SQLException {
        try {
            SqliteTableCopy.names(connection, "EXPLAIN " + sql);
            return true;
        } catch (SQLException e) {
            if (SqliteFile.unprepared(e)) {
                return false;
            }
            throw e;
        }
    }
}
