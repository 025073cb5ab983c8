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
import java.util.List;
import org.sqlite.SQLiteConnection;

/**
 * A copy of a SQLite database as it was at one moment, in a private folder that goes with it.
 *
 * <p>All pages as they are, in one read transaction: twice as fast as {@code VACUUM INTO}, rowids stay (which that does
 * not promise), and the schema may need functions and collations of the application's own. Where much of the file is
 * free pages {@code VACUUM INTO} leaves them behind.
 */
final class SqliteSnapshot implements Closeable {
    static final String PREFIX = "bpipe-sqlite-";

    /** Room for what else is written meanwhile. */
    private static final long SPARE_BYTES = 1 << 20;

    /** With more than one free page of so many it pays to leave them behind. */
    private static final int FREE_OF = 4;

    private static final int ALL_PAGES = -1;
    private static final int PAUSE_MILLIS = 10;
    /** Of SQLite, see https://sqlite.org/rescode.html#ioerr. */
    private static final int IOERR = 10;

    private final Path live;
    private final List<Path> folders;
    private final Duration busyLimit;
    private OwnedFolder folder;
    private Statement running;
    private boolean closed;
    private String sqliteVersion;

    /**
     * Makes nothing yet.
     *
     * @param folders where the copy may go: the first that has room for it
     * @param busyLimit how long to wait for a writer that locks readers out
     */
    SqliteSnapshot(Path live, List<Path> folders, Duration busyLimit) {
        this.live = live;
        this.folders = folders;
        this.busyLimit = busyLimit;
    }

    /** Copies the database. */
    void take(Connection connection) throws IOException, SQLException {
        sqliteVersion = SqliteFile.text(connection, "SELECT sqlite_version()");
        long pages = SqliteFile.number(connection, "PRAGMA page_count");
        makeFolder(pages * SqliteFile.number(connection, "PRAGMA page_size"));
        if (SqliteFile.number(connection, "PRAGMA freelist_count") * FREE_OF <= pages || !vacuum(connection)) {
            copyPages();
        }
    }

    Path file() {
        return folder.resolve("copy.db");
    }

    String sqliteVersion() {
        return sqliteVersion;
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

    /** False where the schema needs what only the application has. */
    private boolean vacuum(Connection connection) throws IOException, SQLException {
        try (PreparedStatement statement = connection.prepareStatement("VACUUM INTO ?")) {
            synchronized (this) {
                requireOpen();
                running = statement;
            }
            statement.setString(1, SqliteFile.uri(file()));
            statement.execute();
            return true;
        } catch (SQLException e) {
            if (SqliteFile.unprepared(e)) {
                return false;
            }
            throw e;
        } finally {
            synchronized (this) {
                running = null;
            }
        }
    }

    /** By the online backup API. */
    private void copyPages() throws IOException, SQLException {
        requireOpen();
        Files.deleteIfExists(file());
        Files.createFile(file());
        try (Connection copy = SqliteFile.open(file(), Duration.ZERO)) {
            // nobody needs the copy after a crash
            SqliteFile.execute(copy, "PRAGMA synchronous = OFF");
            boolean[] done = new boolean[1];
            // one step is one read transaction
            int status = copy.unwrap(SQLiteConnection.class)
                    .getDatabase()
                    .restore(
                            "main",
                            SqliteFile.uri(live),
                            (left, all) -> done[0] = left == 0,
                            PAUSE_MILLIS,
                            (int) (busyLimit.toMillis() / PAUSE_MILLIS),
                            ALL_PAGES);
            requireOpen();
            if (!done[0]) {
                throw incomplete(status);
            }
            SqliteFile.text(copy, "PRAGMA journal_mode = DELETE");
        }
    }

    /** The driver has the status of the live database alone, so that 0 means that the copy could not be written. */
    private Failure incomplete(int status) {
        return SqliteFile.failure(
                status == 0 ? file() : live,
                new SQLException("not all pages could be copied", null, status == 0 ? IOERR : status),
                ExitCode.DUMP_FAILED);
    }

    private synchronized void requireOpen() throws Failure {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the copy of " + live + " was ended", "run it again");
        }
    }
}
