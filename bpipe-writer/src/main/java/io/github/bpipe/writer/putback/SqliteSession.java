package io.github.bpipe.writer.putback;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A transaction in a SQLite file that keeps every other writer out. */
final class SqliteSession extends LiveSession {
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);

    private final Path file;
    private final Connection connection;

    SqliteSession(String database) throws IOException {
        file = Path.of(database);
        if (!Files.exists(file)) {
            throw new Failure(ExitCode.NO_DATABASE, file + " does not exist", "correct database: in the profile");
        }
        try {
            connection = SqliteFile.open(file, BUSY_LIMIT);
            SqliteFile.execute(connection, "BEGIN IMMEDIATE");
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    void execute(String sql) throws IOException {
        try {
            SqliteFile.execute(connection, sql);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    List<List<String>> query(String sql) throws IOException {
        List<List<String>> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(rows.getString(i));
                }
                all.add(row);
            }
            return all;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    @Override
    void commit() throws IOException {
        execute("COMMIT");
    }

    @Override
    String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    String identifier(String name) {
        return SqliteFile.quote(name);
    }

    @Override
    Set<String> columns(String table) throws IOException {
        Set<String> names = new HashSet<>();
        query("SELECT name FROM pragma_table_info(" + literal(table) + ")").forEach(row -> names.add(row.get(0)));
        return names;
    }

    @Override
    String forUpdate() {
        return "";
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    private Failure failure(SQLException e) {
        return SqliteFile.failure(file, e, ExitCode.TARGET);
    }
}
