package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresLocks;
import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One session on the database {@code postgres} for the length of a run: it knows the server's databases and holds the
 * lock that keeps other writers away. The lock dies with the session, and so with us.
 */
final class PostgresServer implements Closeable {
    static final String MAINTENANCE_DATABASE = PostgresLocks.DATABASE;

    /** The oldest server with {@code DROP DATABASE ... WITH (FORCE)}. */
    private static final int OLDEST = 130000;

    private static final int MAJOR = 10000;
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(3);

    /** {@code datconnlimit} of a database whose DROP was broken off; nothing but another DROP is possible then. */
    private static final int INVALID = -2;

    /**
     * A database of the server.
     *
     * @param oid stays the same whatever the name becomes
     * @param limit of connections, -1 for none
     * @param mine true when we own it or are superuser
     * @param comment or null
     */
    record Database(long oid, String name, String owner, int limit, boolean mine, String comment) {
        Optional<PostgresMarker> marker() {
            return PostgresMarker.parse(comment);
        }

        /**
         * True when it has that role beside the live database {@code of}, or as that database where it is half restored.
         * One that somebody renamed to the live name by hand is live, whatever its mark says.
         */
        boolean is(PostgresMarker.Role role, String of) {
            return name.equals(of) == (role == PostgresMarker.Role.HALF_RESTORED)
                    && marker().filter(marker ->
                                    marker.role() == role && marker.of().equals(of))
                            .isPresent();
        }

        /** The comment without our mark, or null. */
        String ownComment() {
            return PostgresMarker.commentBefore(comment);
        }

        boolean invalid() {
            return limit == INVALID;
        }
    }

    private final SqlSession session;
    private final int version;

    /** Connects; refuses a server that is too old. */
    PostgresServer(PostgresClients clients) throws IOException {
        session = clients.session(MAINTENANCE_DATABASE);
        try {
            version = Integer.parseInt(session.value("SHOW server_version_num"));
            if (version < OLDEST) {
                throw new Failure(
                        ExitCode.UNSUITABLE,
                        "the server is PostgreSQL " + session.value("SHOW server_version") + ", at least "
                                + OLDEST / MAJOR + " is needed",
                        "load by hand: zstd -dc STREAM | psql NEW-DATABASE");
            }
            // it idles for as long as the load takes
            session.execute("SELECT set_config(name, '0', false) FROM pg_settings WHERE name IN"
                    + " ('statement_timeout', 'lock_timeout', 'idle_session_timeout', 'transaction_timeout')");
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    int major() {
        return version / MAJOR;
    }

    /** For questions of those who know more than this class. */
    SqlSession session() {
        return session;
    }

    /**
     * Takes the lock of that database, which every writer and every change of its former databases needs. Waits a few
     * seconds for a holder that is just dying.
     */
    void lock(String live) throws IOException {
        if (take(PostgresLocks.ofWriter(live), LOCK_LIMIT)) {
            return;
        }
        throw new Failure(
                ExitCode.BUSY,
                "another run of bpipe-writer works on the database " + live + " (server process "
                        + String.join(", ", lockHolders(live)) + ")",
                "wait for its end, or end it");
    }

    /** Process ids of the sessions that hold the lock of that database: one while a writer works, else none. */
    List<String> lockHolders(String live) throws IOException {
        return session.column(PostgresLocks.holders(PostgresLocks.ofWriter(live)));
    }

    /**
     * Keeps bpipe-reader out while the database changes under its name, for as long as this session lasts. A dump that
     * is under way is waited for, with a limit, and then ended: no backup may hold up a restore.
     *
     * @param warnings gets a sentence where dumps were ended
     */
    void keepReadersOut(String live, Duration patience, List<String> warnings) throws IOException {
        String lock = PostgresLocks.ofReaders(live);
        if (take(lock, patience)) {
            return;
        }
        session.execute("SELECT pg_terminate_backend(pid) FROM (" + PostgresLocks.holders(lock) + ") AS readers");
        if (!take(lock, LOCK_LIMIT)) {
            throw new Failure(
                    ExitCode.BUSY,
                    "a dump of " + live + " is under way and cannot be ended (server process "
                            + String.join(", ", session.column(PostgresLocks.holders(lock))) + ")",
                    "end bpipe-reader, or restore with an account that may (superuser, or pg_signal_backend)");
        }
        warnings.add("a dump of " + live + " that was under way was ended");
    }

    Optional<Database> database(String name) throws IOException {
        return databases("WHERE datname = " + literal(name)).stream().findFirst();
    }

    Optional<Database> database(long oid) throws IOException {
        return databases("WHERE oid = " + oid).stream().findFirst();
    }

    /** All of them, by name. */
    List<Database> databases() throws IOException {
        return databases("");
    }

    /** Drops it whoever is connected; its name is looked up anew, so that never another one is dropped. */
    void drop(Database database) throws IOException {
        Optional<Database> now = database(database.oid());
        if (now.isPresent()) {
            session.execute("DROP DATABASE " + identifier(now.get().name()) + " WITH (FORCE)");
        }
    }

    /** Ends the session, and with it the lock. */
    @Override
    public void close() {
        session.close();
    }

    private boolean take(String lock, Duration limit) throws IOException {
        long end = System.nanoTime() + limit.toNanos();
        while (!isTrue(session.value("SELECT pg_try_advisory_lock(" + lock + ")"))) {
            if (System.nanoTime() > end) {
                return false;
            }
            session.execute("SELECT pg_sleep(0.1)");
        }
        return true;
    }

    static boolean isTrue(String field) {
        return "t".equals(field);
    }

    private List<Database> databases(String where) throws IOException {
        return session
                .query("SELECT oid, datname, pg_get_userbyid(datdba), datconnlimit, pg_has_role(datdba, 'USAGE'),"
                        + " shobj_description(oid, 'pg_database') FROM pg_database " + where + " ORDER BY datname")
                .stream()
                .map(row -> new Database(
                        Long.parseLong(row.get(0)),
                        row.get(1),
                        row.get(2),
                        Integer.parseInt(row.get(3)),
                        isTrue(row.get(4)),
                        row.get(5)))
                .toList();
    }
}
