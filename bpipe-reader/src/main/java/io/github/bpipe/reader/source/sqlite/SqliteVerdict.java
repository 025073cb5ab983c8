package io.github.bpipe.reader.source.sqlite;

import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.sqlite.SQLiteConnection;

/**
 * The full check of a copy, in a thread of its own while the copy is streamed: it takes longer than to make the copy, and
 * as long as to compress it.
 *
 * <p>Nothing less would do: {@code VACUUM INTO} copies each index entry by entry, so that one that is not that of its
 * table comes through, and {@code quick_check} does not see it (both seen). To make the indexes anew takes nearly as
 * long, and would say nothing of the damage.
 */
final class SqliteVerdict implements Closeable {
    private final Path live;
    private final Path copy;
    private final FutureTask<List<String>> check = new FutureTask<>(this::check);
    private Connection connection;
    private boolean closed;

    private SqliteVerdict(Path live, Path copy) {
        this.live = live;
        this.copy = copy;
    }

    /**
     * Begins to check.
     *
     * @param live the database that the copy was made of, for messages
     * @param copy that nobody changes
     */
    static SqliteVerdict begin(Path live, Path copy) {
        SqliteVerdict verdict = new SqliteVerdict(live, copy);
        Thread thread = new Thread(verdict.check, "check");
        thread.setDaemon(true);
        thread.start();
        return verdict;
    }

    /** Fails where damage has been found by now. */
    void requireNoneYet() throws IOException {
        if (check.isDone()) {
            await();
        }
    }

    /**
     * Waits for the verdict.
     *
     * @return what could not be checked, one sentence each
     * @throws Failure with the first finding
     */
    List<String> await() throws IOException {
        try {
            return check.get();
        } catch (ExecutionException e) {
            throw failure(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ended(e);
        }
    }

    /** Ends the check under way; from any thread, repeatedly. */
    @Override
    public synchronized void close() {
        closed = true;
        if (connection != null) {
            try {
                connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
            } catch (SQLException e) {
                // it has just ended by itself
                connection = null;
            }
        }
    }

    private List<String> check() throws IOException, SQLException, SqliteContents.SqliteDamage {
        try (Connection opened = SqliteFile.open(copy, Duration.ZERO)) {
            // every row is looked up in every index: a fifth less time than through reads of single pages
            SqliteFile.text(opened, "PRAGMA mmap_size = " + Long.MAX_VALUE);
            use(opened);
            return SqliteContents.check(opened);
        } finally {
            use(null);
        }
    }

    private synchronized void use(Connection opened) throws Failure {
        if (opened != null && closed) {
            throw ended(null);
        }
        connection = opened;
    }

    private Failure failure(Throwable cause) throws IOException {
        if (cause instanceof SqliteContents.SqliteDamage damage) {
            return new Failure(
                    ExitCode.UNSUITABLE,
                    live + " is damaged: " + damage.getMessage(),
                    "restore an older backup, or rescue it with sqlite3's .recover",
                    damage);
        }
        if (cause instanceof SQLException e) {
            return SqliteFile.failure(live, e, ExitCode.DUMP_FAILED);
        }
        if (cause instanceof IOException e) {
            throw e;
        }
        throw new IllegalStateException("the check of " + copy + " failed", cause);
    }

    private Failure ended(Exception cause) {
        return new Failure(ExitCode.INTERRUPTED, "the check of " + live + " was ended", "run it again", cause);
    }
}
