package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** The rename, waiting in the server for the tables that another session holds. */
final class MariaDbQueued {
    private static final Duration QUEUE_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

    private final SqlSession session;
    private final MariaDbStatement rename;

    private MariaDbQueued(SqlSession session, MariaDbStatement rename) {
        this.session = session;
        this.rename = rename;
    }

    /** Sends the statement and returns as soon as it waits. */
    static MariaDbQueued start(MariaDbServer server, String sql) throws IOException {
        SqlSession session = server.helper(".rename");
        MariaDbStatement rename = MariaDbStatement.start(session, sql);
        MariaDbQueued queued = new MariaDbQueued(session, rename);
        awaitWaiting(server, ".rename", () -> !rename.isDone());
        if (rename.isDone()) {
            queued.await();
        }
        return queued;
    }

    /** Waits until the statement is done. */
    void await() throws IOException {
        boolean done = false;
        while (!done) {
            done = rename.isDone(QUEUE_LIMIT);
        }
        session.close();
    }

    /** Returns when the helper of that suffix waits for a lock, or when it no longer runs. */
    static void awaitWaiting(MariaDbServer server, String suffix, BooleanSupplier running) throws IOException {
        Instant limit = Instant.now().plus(QUEUE_LIMIT);
        while (running.getAsBoolean() && !waits(server, suffix)) {
            if (Instant.now().isAfter(limit)) {
                throw notTakenUp();
            }
            pause();
        }
    }

    /**
     * Returns when the rename has a table, or has at least asked for it: whoever asks from now on comes behind it. Seen by
     * a reader who may not wait and is turned away.
     */
    void awaitAsked(MariaDbServer server, String table) throws IOException {
        SqlSession reader = server.session();
        reader.execute("SET SESSION lock_wait_timeout = 0");
        Instant limit = Instant.now().plus(QUEUE_LIMIT);
        try {
            while (!rename.isDone()) {
                if (Instant.now().isAfter(limit)) {
                    throw notTakenUp();
                }
                reader.execute("SELECT 1 FROM " + table + " LIMIT 0");
                pause();
            }
        } catch (Failure e) {
            if (e.exitCode() == ExitCode.INTERRUPTED || e.exitCode() == ExitCode.SWITCH_FAILED) {
                throw e;
            }
            // turned away, at last; after any other error the rename itself will say what is wrong with the table
        } finally {
            reader.close();
        }
    }

    /** True while the helper of that suffix waits for a table that another session has. */
    static boolean waits(MariaDbServer server, String suffix) throws IOException {
        String id = server.helperId(suffix);
        return id != null
                && !server.keeper()
                        .query("SELECT 1 FROM information_schema.PROCESSLIST WHERE ID = " + id
                                + " AND STATE LIKE 'Waiting for%metadata lock'")
                        .isEmpty();
    }

    private static void pause() throws Failure {
        try {
            Thread.sleep(LOOK_AGAIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw interrupted(e);
        }
    }

    private static Failure notTakenUp() {
        return new Failure(
                ExitCode.SWITCH_FAILED,
                "the server does not take up the switch",
                "it may be overloaded; look at SHOW PROCESSLIST, then restore again");
    }

    private static Failure interrupted(InterruptedException e) {
        return new Failure(ExitCode.INTERRUPTED, "interrupted while switching", "restore again", e);
    }
}
