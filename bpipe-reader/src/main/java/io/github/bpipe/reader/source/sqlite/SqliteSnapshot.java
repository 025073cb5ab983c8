package io.github.bpipe.reader.source.sqlite;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * A copy of a SQLite database as it was at one moment, in a private folder that goes with it.
 *
 * <p>{@code VACUUM INTO} makes it: one read transaction, compact, and rowids stay (seen in every case tried, FTS5
 * among them). Where the schema needs functions or collations of the application's own, it cannot, and the online
 * backup API copies page by page instead.
 */
final class SqliteSnapshot implements Closeable {
    static final String PREFIX = "bpipe-sqlite-";

    /** Room for what else is written meanwhile. */
    private static final long SPARE_BYTES = 1 << 20;

    private final Path live;
    private final List<Path> folders;
    private final List<String> warnings = new ArrayList<>();
    private OwnedFolder folder;
    private Statement running;
    private boolean closed;
    private String sqliteVersion;

    /** Makes nothing yet. */
    SqliteSnapshot(Path live, List<Path> folders) {
        this.live = live;
        this.folders = folders;
    }

    /** Copies the database. */
    void take(Connection connection) throws IOException, SQLException {
        sqliteVersion = SqliteFile.text(connection, "SELECT sqlite_version()");
        makeFolder(bytes(connection));
        try {
            vacuum(connection);
        } catch (SQLException e) {
            if (!SqliteFile.unprepared(e)) {
                throw e;
            }
            warnings.add(live + " was copied page by page: " + SqliteFile.message(e));
            backup(connection);
        }
    }

    Path file() {
        return folder.resolve("copy.db");
    }

    String sqliteVersion() {
        return sqliteVersion;
    }

    /** One sentence each. */
    List<String> warnings() {
        return warnings;
    }

    /** Ends a copy under way and removes it; from any thread. */
    @Override
    public synchronized void close() {
        closed = true;
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException e) {
                // it has just ended by itself
                running = null;
            }
        }
        if (folder != null) {
            folder.close();
        }
    }

    private static long bytes(Connection connection) throws SQLException {
        return SqliteFile.number(connection, "PRAGMA page_count") * SqliteFile.number(connection, "PRAGMA page_size");
    }

    private synchronized void makeFolder(long bytes) throws IOException {
        requireOpen();
        StringBuilder free = new StringBuilder();
        for (Path candidate : folders) {
            // a FileStore would want the mount point, which a chroot does not show
            long room = candidate.toFile().getUsableSpace();
            if (room >= bytes + SPARE_BYTES && Files.isWritable(candidate)) {
                folder = OwnedFolder.create(candidate, PREFIX);
                return;
            }
            free.append(", ").append(candidate).append(" has ").append(room);
        }
        throw new Failure(
                ExitCode.SPACE,
                "no room for the copy of " + live + ": it needs " + (bytes + SPARE_BYTES) + " bytes" + free,
                "make room in one of these folders");
    }

    private void vacuum(Connection connection) throws IOException, SQLException {
        try (PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
            synchronized (this) {
                requireOpen();
                running = statement;
            }
            statement.setString(1, SqliteFile.uri(file()));
            statement.execute();
        } finally {
            synchronized (this) {
                running = null;
            }
        }
    }

    private void backup(Connection connection) throws IOException, SQLException {
        Files.deleteIfExists(file());
        boolean[] done = new boolean[1];
        int status;
        // in a read transaction, so that no writer can make it start again
        SqliteFile.execute(connection, "BEGIN");
        try {
            SqliteFile.number(connection, "SELECT count(*) FROM sqlite_schema");
            status = connection
                    .unwrap(SQLiteConnection.class)
                    .getDatabase()
                    .backup("main", SqliteFile.uri(file()), (left, all) -> done[0] = left == 0, 0, 0, 1000);
        } finally {
            SqliteFile.execute(connection, "ROLLBACK");
        }
        requireOpen();
        if (status != 0 || !done[0]) {
            throw new Failure(
                    ExitCode.DUMP_FAILED,
                    "the copy of " + live + " failed with SQLite's code " + status,
                    "look at the free space of " + folder.path());
        }
        try (Connection copy = SqliteFile.open(file(), Duration.ZERO)) {
            SqliteFile.text(copy, "PRAGMA journal_mode = DELETE");
        }
    }

    private synchronized void requireOpen() throws Failure {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the copy of " + live + " was ended", "run it again");
        }
    }
}
