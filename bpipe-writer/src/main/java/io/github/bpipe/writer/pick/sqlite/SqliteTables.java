package io.github.bpipe.writer.pick.sqlite;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.file.UnpackedDatabase;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.RowHandler;
import io.github.bpipe.writer.pick.Table;
import io.github.bpipe.writer.pick.TableChoice;
import io.github.bpipe.writer.pick.TableReader;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Tables in a stream of SQLite: the file is unpacked into a private folder, and read once the stream has proven whole. */
public final class SqliteTables implements TableReader {
    private static final String TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";

    private final TableChoice choice;
    private final RowHandler handler;
    private final UnpackedDatabase unpacked = new UnpackedDatabase("bpipe-extract-");

    public SqliteTables(TableChoice choice, RowHandler handler) throws IOException {
        this.choice = choice;
        this.handler = handler;
    }

    @Override
    public boolean wants(BlockHead head) {
        return true;
    }

    @Override
    public void block(BlockHead head, byte[] raw) throws IOException {
        unpacked.append(raw, head.raw());
    }

    @Override
    public void end() throws IOException {
        Path file = unpacked.finish();
        try (Connection connection = SqliteFile.open(file, Duration.ZERO)) {
            for (String table : names(connection)) {
                if (choice.asked(table) != null) {
                    choice.find(table, table);
                    read(connection, table);
                }
            }
        } catch (SQLException e) {
            throw SqliteFile.failure(file, e, ExitCode.UNSUITABLE);
        }
    }

    @Override
    public void close() throws IOException {
        unpacked.close();
    }

    private void read(Connection connection, String table) throws SQLException, IOException {
        List<Column> columns = columns(connection, table);
        String quoted = SqliteFile.quote(table);
        handler.table(new Table(table, quoted, columns));
        List<String> names =
                columns.stream().map(column -> SqliteFile.quote(column.name())).toList();
        SqliteRow row = new SqliteRow(columns.size());
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT " + String.join(", ", names) + " FROM " + quoted)) {
            while (rows.next()) {
                row.take(rows);
                handler.row(row);
            }
        }
    }

    private static List<String> names(Connection connection) throws SQLException {
        List<String> names = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(TABLES)) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Those that hold values of their own: generated ones are left out, as in the streams of PostgreSQL. */
    private static List<Column> columns(Connection connection, String table) throws SQLException {
        List<Column> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT name FROM pragma_table_xinfo('" + table.replace("'", "''") + "') WHERE hidden = 0")) {
            while (rows.next()) {
                columns.add(new Column(rows.getString(1), Kind.TEXT));
            }
        }
        return columns;
    }
}
