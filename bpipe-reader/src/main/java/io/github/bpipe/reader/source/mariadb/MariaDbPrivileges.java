package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Proves by the grants that nothing will silently be missing: without TRIGGER or any right on routines the server shows
 * none at all, and the dump ends well without them.
 */
final class MariaDbPrivileges {
    private static final List<String> NEEDED = List.of("SELECT", "SHOW VIEW", "TRIGGER", "EVENT");
    private static final Set<String> ROUTINE_RIGHTS = Set.of("EXECUTE", "ALTER ROUTINE", "CREATE ROUTINE");
    private static final String ALL = "ALL PRIVILEGES";

    private final SqlSession session;
    private final String database;
    private final List<MariaDbGrant> grants;

    /** Reads the grants of the session's account, those of its active role and of everybody among them. */
    MariaDbPrivileges(SqlSession session, MariaDbVersion server, String database) throws IOException {
        this.session = session;
        this.database = database;
        List<String> lines = new ArrayList<>(session.column("SHOW GRANTS"));
        if (server.family() == Engine.MARIADB && server.atLeast(10, 11)) {
            lines.addAll(session.column("SHOW GRANTS FOR PUBLIC"));
        }
        this.grants = lines.stream()
                .map(MariaDbGrant::parse)
                .filter(grant -> grant != null)
                .toList();
    }

    /** Refuses when a privilege is missing, and names each. */
    void require() throws IOException {
        Set<String> held = onDatabase();
        if (held.contains(ALL)) {
            requireBodies(held);
            return;
        }
        List<String> missing =
                NEEDED.stream().filter(name -> !held.contains(name)).toList();
        if (!missing.isEmpty()) {
            throw missing(
                    String.join(", ", missing),
                    String.join(", ", missing) + " ON " + MariaDbClients.identifier(database) + ".*");
        }
        requireBodies(held);
    }

    /** True when the account may read the server's own tables, those of the accounts among them. */
    boolean readsAccounts() {
        return grants.stream()
                .anyMatch(grant -> (grant.isGlobal() || grant.coversDatabase("mysql")) && grant.hasAny("SELECT", ALL));
    }

    /** All routines must be visible, and their bodies too. */
    private void requireBodies(Set<String> held) throws IOException {
        if (readsRoutines()) {
            return;
        }
        boolean visible = held.contains(ALL) || held.stream().anyMatch(ROUTINE_RIGHTS::contains);
        if (!visible) {
            throw missing("the right to read routines", "SELECT ON mysql.proc (MySQL: SHOW_ROUTINE ON *.*)");
        }
        List<String> hidden =
                session.column("SELECT routine_name FROM information_schema.routines WHERE routine_schema = "
                        + MariaDbClients.literal(database) + " AND routine_definition IS NULL ORDER BY routine_name");
        if (!hidden.isEmpty()) {
            throw missing(
                    "the right to read the bodies of " + String.join(", ", hidden),
                    "SELECT ON mysql.proc (MySQL: SHOW_ROUTINE ON *.*)");
        }
    }

    private boolean readsRoutines() {
        return grants.stream().anyMatch(this::readsRoutines);
    }

    private boolean readsRoutines(MariaDbGrant grant) {
        if (grant.isGlobal()) {
            return grant.hasAny("SELECT", ALL, "SHOW_ROUTINE", "SHOW CREATE ROUTINE");
        }
        if (grant.coversDatabase(database) && grant.hasAny("SHOW CREATE ROUTINE")) {
            return true;
        }
        boolean onRoutines = grant.coversDatabase("mysql") || grant.isOnTable("mysql", "proc");
        return onRoutines && grant.hasAny("SELECT", ALL);
    }

    private Set<String> onDatabase() {
        Set<String> held = new HashSet<>();
        for (MariaDbGrant grant : grants) {
            if (grant.isGlobal() || grant.coversDatabase(database)) {
                held.addAll(grant.privileges());
            }
        }
        return new TreeSet<>(held);
    }

    private Failure missing(String what, String toGrant) throws IOException {
        String account = session.value("SELECT CURRENT_USER()");
        return new Failure(
                ExitCode.PRIVILEGE,
                "the account " + account + " lacks " + what + " on " + database
                        + ", and the dump would lack what it may not see",
                "GRANT " + toGrant + " TO the account, or use an administrative one");
    }
}
