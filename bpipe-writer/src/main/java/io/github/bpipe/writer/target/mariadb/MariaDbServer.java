package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The connections of one run: a session that holds the database's lock for as long as the run lasts, and whatever other
 * sessions and scripts are opened through it. Closing ends them all; the locks go with their sessions, also when our
 * process is killed.
 */
final class MariaDbServer implements Closeable {
    /** A wait for a lock that no client of the database should hold for long. */
    private static final int LOCK_WAIT_SECONDS = 60;

    /** A keeper has nothing to say while the data is loaded, which may take days. */
    private static final int WAIT_SECONDS = 2_147_483;

    /** For how long a session that has just ended may still hold its lock. */
    private static final int HANDOVER_SECONDS = 3;

    /** No such session; a session that only the privileged may end. */
    private static final Set<Integer> NOT_ENDED = Set.of(1094, 1095);

    /** Purposes of the other sessions: each holds a lock of that suffix, so that the next run finds what survived. */
    private static final List<String> HELPERS = List.of(".rename", MariaDbHold.SUFFIX, ".gate");

    private final Engine engine;
    private final MariaDbClients clients;
    private final MariaDbNames names;
    private final List<Closeable> open = new CopyOnWriteArrayList<>();
    private final SqlSession keeper;
    private final boolean sandbox;
    private final boolean mariaDb;
    private volatile String binlog = "";

    /**
     * Connects and takes the lock.
     *
     * @throws Failure with {@link ExitCode#BUSY} when another writer holds it
     */
    MariaDbServer(Engine engine, Connection connection, MariaDbNames names) throws IOException {
        this.engine = engine;
        this.names = names;
        this.clients = new MariaDbClients(engine, connection);
        try {
            this.keeper = session();
            takeLock();
            endSurvivors();
            MariaDbVersion version = MariaDbVersion.ofServer(keeper.value("SELECT VERSION()"));
            this.mariaDb = version != null && version.family() == Engine.MARIADB;
            this.sandbox = Captured.run(clients.client(null, List.of("--help")))
                    .stdout()
                    .contains("--sandbox");
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Nothing that this writer does from here on stands in the binary log.
     *
     * @throws Failure where that must not be
     */
    void skipBinlog() throws IOException {
        MariaDbBinlog.requireUnread(this);
        binlog = MariaDbBinlog.SKIP;
        settle(keeper);
    }

    /** The session that holds the lock; it never has a transaction or a table open between two statements. */
    SqlSession keeper() {
        return keeper;
    }

    MariaDbNames names() {
        return names;
    }

    MariaDbClients clients() {
        return clients;
    }

    Engine engine() {
        return engine;
    }

    /** True where the server itself is one, whatever the stream came from. */
    boolean isMariaDb() {
        return mariaDb;
    }

    /** True when the client can keep a script from running client commands. */
    boolean hasSandbox() {
        return sandbox;
    }

    /** One more session, which ends with this object at the latest. */
    SqlSession session() throws IOException {
        SqlSession session = clients.session(null);
        open.add(session);
        settle(session);
        return session;
    }

    private void settle(SqlSession session) throws IOException {
        session.execute("SET SESSION sql_mode = '', SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS
                + ", SESSION wait_timeout = " + WAIT_SECONDS + binlog);
    }

    /** A session that holds the helper lock of that suffix. */
    SqlSession helper(String suffix) throws IOException {
        SqlSession session = session();
        session.execute("DO GET_LOCK('" + helperLock(suffix) + "', " + HANDOVER_SECONDS + ")");
        return session;
    }

    /** A client that runs a script in a schema, holding the helper lock of that suffix. */
    MariaDbScriptRun script(String schema, String suffix) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--batch",
                "--skip-column-names",
                "--unbuffered",
                "--binary-mode",
                "--comments",
                "--skip-reconnect",
                "--default-character-set=utf8mb4",
                "--max-allowed-packet=1G",
                // else the statement comes before its error, data and all; mysql does not know the option
                "--loose-skip-print-query-on-error"));
        if (sandbox) {
            arguments.add("--sandbox");
        }
        MariaDbScriptRun run = new MariaDbScriptRun(clients.client(schema, arguments), clients);
        open.add(run);
        if (mariaDb) {
            // the client looks for the ends of strings, which takes it a third longer in UTF-8; the names of the
            // account and the database were sent in that
            run.write("\\C binary\nSET NAMES utf8mb4;\n");
        }
        run.write("SET SESSION lock_wait_timeout = " + LOCK_WAIT_SECONDS + binlog + ";\nDO GET_LOCK('"
                + helperLock(suffix) + "', " + HANDOVER_SECONDS + ");\n");
        return run;
    }

    /** Runs a whole script in a client of its own. */
    void run(String schema, String sql) throws IOException {
        try (MariaDbScriptRun run = script(schema, loadSuffix(0))) {
            run.write(sql);
            run.finish();
        }
    }

    /** Suffix of the helper lock of a script that loads; the first one is also that of scripts which run alone. */
    static String loadSuffix(int job) {
        return job == 0 ? ".load" : ".load" + job;
    }

    /** Connection id of the helper that holds the lock of that suffix, or null while none does. */
    String helperId(String suffix) throws IOException {
        String id = keeper.value("SELECT IS_USED_LOCK('" + helperLock(suffix) + "')");
        return id.equals("NULL") ? null : id;
    }

    /**
     * Ends a session of somebody else. Where it has just ended by itself, or we may not (CONNECTION ADMIN, SUPER),
     * nothing happens: whoever needs its end looks for that.
     */
    void kill(String id) throws IOException {
        // in a session for it alone, since an error ends that
        try (SqlSession killer = clients.session(null)) {
            killer.execute("KILL CONNECTION " + id);
        } catch (Failure e) {
            if (!NOT_ENDED.contains(MariaDbClients.errorNumber(e.getMessage()))) {
                throw e;
            }
        }
    }

    /** Fails when the lock was lost, as when the server was restarted since. */
    void requireLock() throws IOException {
        if (!"1".equals(keeper.value("SELECT IS_USED_LOCK('" + names.lock() + "') = CONNECTION_ID()"))) {
            throw new Failure(
                    ExitCode.BUSY,
                    "the lock on " + names.live() + " was lost",
                    "was the server restarted meanwhile? restore again");
        }
    }

    @Override
    public void close() {
        for (Closeable each : open) {
            try {
                each.close();
            } catch (IOException e) {
                throw new IllegalStateException("sessions and scripts close without failing", e);
            }
        }
        open.clear();
    }

    private void takeLock() throws IOException {
        if (!"1".equals(keeper.value("SELECT GET_LOCK('" + names.lock() + "', " + HANDOVER_SECONDS + ")"))) {
            throw new Failure(
                    ExitCode.BUSY,
                    "another writer works on " + names.live(),
                    "wait until it has ended; SHOW PROCESSLIST shows its sessions");
        }
    }

    /** Statements of a killed run may still be executing although their client is gone. */
    void endSurvivors() throws IOException {
        List<String> suffixes = new ArrayList<>(HELPERS);
        for (int i = 0; i < TargetOptions.MAX_JOBS; i++) {
            suffixes.add(loadSuffix(i));
        }
        for (int i = 0; i < MariaDbAttach.MAX_SESSIONS; i++) {
            suffixes.add(MariaDbAttach.suffix(i));
        }
        for (String suffix : suffixes) {
            String id = helperId(suffix);
            if (id != null) {
                kill(id);
                requireGone(suffix);
            }
        }
    }

    private void requireGone(String suffix) throws IOException {
        String lock = helperLock(suffix);
        if (!"1".equals(keeper.value("SELECT GET_LOCK('" + lock + "', " + LOCK_WAIT_SECONDS + ")"))) {
            throw new Failure(
                    ExitCode.BUSY,
                    "a session of an earlier run on " + names.live() + " does not end",
                    "look at it with SHOW PROCESSLIST, then restore again");
        }
        keeper.execute("DO RELEASE_LOCK('" + lock + "')");
    }

    private String helperLock(String suffix) {
        return names.lock() + suffix;
    }
}
