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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

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

    private final Path live;
    private final List<Path> folders;
    private final Duration busyLimit;
    private OwnedFolder folder;
    private Statement running;
    private CompletableFuture<Void> copying;
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

    /** Ends a copy under way, or lets nobody wait for it any more, and removes it; from any thread. */
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
        if (copying != null) {
            copying.completeExceptionally(ended());
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

    /**
     * By the online backup API, which knows no end before the last page: so a thread of its own does it, and is left
     * alone where nobody waits for it any more.
     */
    private void copyPages() throws IOException {
        CompletableFuture<Void> copied = beginCopy();
        Thread thread = new Thread(() -> makeCopy(copied), "copy");
        thread.setDaemon(true);
        thread.start();
        try {
            copied.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ended();
        }
    }

    private void makeCopy(CompletableFuture<Void> copied) {
        try {
            Files.deleteIfExists(file());
            Files.createFile(file());
            try (Connection copy = SqliteFile.open(file(), Duration.ZERO)) {
                // nobody needs the copy after a crash
                SqliteFile.execute(copy, "PRAGMA synchronous = OFF");
                fill(copy);
                String journalMode = SqliteFile.text(copy, "PRAGMA journal_mode = DELETE");
                if (!journalMode.equals("delete")) {
                    throw new IllegalStateException("the copy stays in the journal mode " + journalMode);
                }
            }
            copied.complete(null);
        } catch (IOException | SQLException | RuntimeException e) {
            copied.completeExceptionally(e);
        }
    }

    /** In one step, which is one read transaction. */
    private void fill(Connection copy) throws SQLException {
        DB database = copy.unwrap(SQLiteConnection.class).getDatabase();
        boolean[] done = new boolean[1];
        database.restore(
                "main",
                SqliteFile.uri(live),
                (left, all) -> done[0] = left == 0,
                PAUSE_MILLIS,
                (int) (busyLimit.toMillis() / PAUSE_MILLIS),
                ALL_PAGES);
        if (!done[0]) {
            explain(database);
        }
    }

    /** The status of the driver is that of opening the live database alone; the connection knows more, but no code. */
    private static void explain(DB database) throws SQLException {
        try {
            database.throwex(0);
        } catch (SQLException e) {
            throw SqliteFile.coded(e);
        }
    }

    private IOException failure(Throwable cause) {
        if (cause instanceof SQLException e) {
            if (SqliteFile.busy(e) || SqliteFile.damaged(e)) {
                return SqliteFile.failure(live, e, ExitCode.DUMP_FAILED);
            }
            if (SqliteFile.diskIsFull(file(), e)) {
                return SqliteFile.failure(file(), e, ExitCode.SPACE);
            }
            return new Failure(
                    ExitCode.DUMP_FAILED,
                    live + " could not be copied to " + folder.path() + ": " + SqliteFile.message(e),
                    "look into the system's log for errors of the disks of both",
                    e);
        }
        return cause instanceof IOException e ? e : new IOException("the copy of " + live + " failed: " + cause, cause);
    }

    private synchronized CompletableFuture<Void> beginCopy() throws Failure {
        requireOpen();
        copying = new CompletableFuture<>();
        return copying;
    }

    private synchronized void requireOpen() throws Failure {
        if (closed) {
            throw ended();
        }
    }

    private Failure ended() {
        return new Failure(ExitCode.INTERRUPTED, "the copy of " + live + " was ended", "run it again");
    }
}
