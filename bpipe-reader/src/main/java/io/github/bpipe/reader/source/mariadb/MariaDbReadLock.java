package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbLocks;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Tells writers that the database is being dumped, and keeps a dump from beginning while one exchanges its tables. */
final class MariaDbReadLock implements Closeable {
    /** The session says nothing while the data is dumped, which may take days. */
    private static final int WAIT_SECONDS = 2_147_483;

    private final SqlSession session;
    private final String database;
    private String held;

    private MariaDbReadLock(SqlSession session, String database) {
        this.session = session;
        this.database = database;
    }

    /**
     * Takes the lock.
     *
     * @param limit for how long a writer is waited for
     */
    static MariaDbReadLock take(MariaDbClients clients, String database, Duration limit) throws IOException {
        MariaDbReadLock lock = new MariaDbReadLock(clients.session(null), database);
        try {
            lock.session.execute("SET SESSION wait_timeout = " + WAIT_SECONDS);
            lock.take(limit);
            return lock;
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    /** For short questions while the dump is under way. */
    SqlSession session() {
        return session;
    }

    /** Fails where a restore has ended our session, since the dump then holds something of both databases. */
    void requireHeld() throws Failure {
        try {
            if ("1".equals(session.value("SELECT IS_USED_LOCK('" + held + "') = CONNECTION_ID()"))) {
                return;
            }
        } catch (IOException e) {
            throw lost(e);
        }
        throw lost(null);
    }

    @Override
    public void close() {
        session.close();
    }

    private void take(Duration limit) throws IOException {
        List<String> locks = MariaDbLocks.ofReaders(database);
        for (String lock : locks) {
            if (tryTake(lock, Duration.ZERO)) {
                return;
            }
        }
        if (!tryTake(locks.get(0), limit)) {
            throw new Failure(
                    ExitCode.BUSY,
                    "a restore is exchanging the tables of " + database + ", or " + locks.size()
                            + " other dumps of it are under way",
                    "run it again when they have ended");
        }
    }

    private boolean tryTake(String lock, Duration limit) throws IOException {
        if (!"1".equals(session.value("SELECT GET_LOCK('" + lock + "', " + limit.toSeconds() + ")"))) {
            return false;
        }
        held = lock;
        return true;
    }

    private Failure lost(IOException cause) {
        return new Failure(
                ExitCode.BUSY,
                "the dump of " + database + " was ended: a restore exchanged its tables meanwhile, or the server did",
                "run it again when the restore has ended",
                cause);
    }
}
