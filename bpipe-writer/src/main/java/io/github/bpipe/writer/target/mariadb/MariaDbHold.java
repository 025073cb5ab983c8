package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbUnfinished;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The session that holds every live table, so that the rename can queue behind it. */
final class MariaDbHold implements Closeable {
    /** Of the lock of this session. */
    static final String SUFFIX = ".hold";

    /** Clients that arrive meanwhile wait for as long as we do: better several short waits than a long one. */
    private static final int TRY_SECONDS = 2;

    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** Waited for too long; the victim of a deadlock; a table that is gone meanwhile. */
    private static final Set<Integer> TRY_AGAIN = Set.of(1205, 1213, 1146);

    private final MariaDbServer server;
    private final String live;
    private final MariaDbCatalog catalog;
    private final MariaDbScope scope;
    private final Duration patience;
    private final MariaDbUnreadable unreadable;
    private SqlSession session;
    private Instant since;

    /**
     * Takes nothing yet.
     *
     * @param scope which live tables are to be held
     * @param patience for how long others are waited for before they are ended
     * @param unreadable what to do with tables that cannot be locked because they are damaged
     */
    MariaDbHold(MariaDbServer server, MariaDbScope scope, Duration patience, MariaDbUnreadable unreadable) {
        this.scope = scope;
        this.unreadable = unreadable;
        this.server = server;
        this.live = server.names().live();
        this.catalog = new MariaDbCatalog(server.keeper());
        this.patience = patience;
    }

    /**
     * Waits until no other session uses a live table, and keeps them all out from then on. Those that are waited for in
     * vain are ended, so that neither an idle transaction nor clients that come back all the time can hold up the switch
     * for ever.
     *
     * @return the tables and sequences that are held: all that can leave
     */
    List<String> take() throws IOException {
        Instant patient = Instant.now().plus(patience);
        Instant limit = patient.plus(patience);
        while (true) {
            List<String> tables = leaving();
            boolean force = Instant.now().isAfter(patient);
            if (tryTake(tables, force)) {
                if (Set.copyOf(leaving()).equals(Set.copyOf(tables))) {
                    return tables;
                }
                // a table came or went while we waited
                release();
            }
            if (Instant.now().isAfter(limit)) {
                throw busy();
            }
            pause();
        }
    }

    /** From when on others had to wait for the tables that are held now. */
    Instant since() {
        return since;
    }

    /** Drops the live triggers; the tables are held, so nobody can notice before the new tables are there. */
    void dropTriggers() throws IOException {
        for (Map.Entry<String, List<String>> table :
                catalog.triggersByTable(live).entrySet()) {
            if (scope.leaves(table.getKey())) {
                for (String trigger : table.getValue()) {
                    session.execute("DROP TRIGGER IF EXISTS " + MariaDbCatalog.qualified(live, trigger));
                }
            }
        }
    }

    void release() throws IOException {
        if (session != null) {
            session.execute("UNLOCK TABLES");
            session.close();
        }
    }

    /** As {@link #release}, after a failure. */
    @Override
    public void close() {
        if (session != null) {
            session.close();
        }
    }

    private List<String> leaving() throws IOException {
        List<String> tables = new ArrayList<>(scope.leaving(catalog.moving(live)));
        tables.remove(MariaDbUnfinished.TABLE);
        tables.removeAll(unreadable.staying());
        return tables;
    }

    private boolean tryTake(List<String> tables, boolean force) throws IOException {
        List<String> locks = new ArrayList<>();
        tables.forEach(table -> locks.add(MariaDbCatalog.qualified(live, table) + " WRITE"));
        since = Instant.now();
        if (locks.isEmpty()) {
            return true;
        }
        session = server.helper(SUFFIX);
        session.execute("SET SESSION lock_wait_timeout = " + TRY_SECONDS);
        try {
            lock("LOCK TABLES " + String.join(", ", locks), force);
            return true;
        } catch (Failure e) {
            session.close();
            if (TRY_AGAIN.contains(MariaDbClients.errorNumber(e.getMessage()))) {
                return false;
            }
            if (unreadable.drop(tables)) {
                return false;
            }
            throw e;
        }
    }

    /** Waits in the server, where those who come later queue behind us. */
    private void lock(String sql, boolean force) throws IOException {
        if (!force) {
            session.execute(sql);
            return;
        }
        MariaDbUsers users = new MariaDbUsers(server);
        MariaDbStatement locking = MariaDbStatement.start(session, sql);
        while (!locking.isDone(LOOK_AGAIN)) {
            users.end();
        }
    }

    private Failure busy() throws IOException {
        List<String> holders = server.keeper()
                .column(
                        "SELECT CONCAT(p.ID, ' of ', p.USER, ' (', IFNULL(p.COMMAND, ''), ' since ', p.TIME, ' s)')"
                                + " FROM information_schema.PROCESSLIST p JOIN information_schema.INNODB_TRX t"
                                + " ON t.trx_mysql_thread_id = p.ID WHERE p.ID <> CONNECTION_ID() ORDER BY p.TIME DESC LIMIT 5");
        return new Failure(
                ExitCode.BUSY,
                "the tables of " + live + " stay in use"
                        + (holders.isEmpty() ? "" : ", perhaps by session " + String.join(", ", holders)),
                "end long transactions (SHOW PROCESSLIST, KILL), or stop the application, then restore again; an account"
                        + " that may end sessions (CONNECTION ADMIN) does that by itself");
    }

    private static void pause() throws Failure {
        try {
            Thread.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "interrupted while waiting for tables", "restore again", e);
        }
    }
}
