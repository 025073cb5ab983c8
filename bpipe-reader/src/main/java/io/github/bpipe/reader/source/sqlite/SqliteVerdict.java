package io.github.bpipe.reader.source.sqlite;

import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePart;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.ObjectEntry;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.sqlite.SQLiteConnection;

/**
 * The full check of a copy, by several threads while the copy is streamed: it takes longer than to make the copy and to
 * compress it together.
 *
 * <p>Nothing less would do: a copy holds each index as it is, so that one that is not that of its table comes through, and
 * {@code quick_check} does not see it (both seen). To make the indexes anew takes nearly as long, and would say nothing of
 * the damage.
 */
final class SqliteVerdict implements Closeable {
    private static final int MOST_THREADS = 4;

    /** Of all threads. A mapped file would be a tenth faster, and would count as resident memory of this process. */
    private static final int CACHE_KIB = 96 << 10;

    private final Path live;
    private final Path copy;
    private final Map<String, Long> rows = new HashMap<>();
    private final CompletableFuture<List<String>> verdict = new CompletableFuture<>();
    private final Set<String> unchecked = new TreeSet<>();
    private final Set<Connection> connections = new HashSet<>();
    private Queue<SqlitePart> parts;
    private int threads;
    private boolean closed;

    private SqliteVerdict(Path live, Path copy, List<ObjectEntry> objects) {
        this.live = live;
        this.copy = copy;
        for (ObjectEntry object : objects) {
            if (object.rows() != null) {
                rows.put(object.name(), object.rows());
            }
        }
    }

    /**
     * Begins to check.
     *
     * @param live the database that the copy was made of, for messages
     * @param copy that nobody changes
     * @param objects of the copy
     */
    static SqliteVerdict begin(Path live, Path copy, List<ObjectEntry> objects) {
        SqliteVerdict verdict = new SqliteVerdict(live, copy, objects);
        verdict.threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
        int cacheKib = CACHE_KIB / verdict.threads;
        for (int i = verdict.threads; i > 0; i--) {
            Thread thread = new Thread(() -> verdict.work(cacheKib), "check " + i);
            thread.setDaemon(true);
            thread.start();
        }
        return verdict;
    }

    /** Fails where damage has been found by now. */
    void requireNoneYet() throws IOException {
        if (verdict.isDone()) {
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
            return verdict.get();
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
        for (Connection connection : connections) {
            try {
                connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
            } catch (SQLException e) {
                throw new IllegalStateException("a connection to " + copy + " was closed by another", e);
            }
        }
    }

    private void work(int cacheKib) {
        try (Connection connection = SqlitePart.open(copy, cacheKib)) {
            try {
                for (SqlitePart part = next(connection); part != null; part = next(connection)) {
                    part.check(connection).ifPresent(this::leaveUnchecked);
                }
            } finally {
                release(connection);
            }
            end();
        } catch (IOException | SQLException | SqliteContents.SqliteDamage | RuntimeException e) {
            // the first one counts: the others were interrupted for it
            verdict.completeExceptionally(e);
            close();
        }
    }

    /** The next part to check, or null. */
    private synchronized SqlitePart next(Connection connection) throws IOException, SQLException {
        if (closed) {
            throw ended(null);
        }
        connections.add(connection);
        if (parts == null) {
            parts = new ArrayDeque<>(SqlitePart.of(connection, rows));
        }
        return parts.poll();
    }

    private synchronized void leaveUnchecked(String sentence) {
        unchecked.add(sentence);
    }

    private synchronized void release(Connection connection) {
        connections.remove(connection);
    }

    private synchronized void end() {
        threads--;
        if (threads == 0) {
            verdict.complete(List.copyOf(unchecked));
        }
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
