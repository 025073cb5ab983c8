package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbNamePattern;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The users and roles that one database needs: those with privileges on it, those that its objects run as, and the roles
 * between them. Administrators of the whole server are left out, and so are privileges on anything else.
 */
final class MariaDbAccounts {
    private static final String NO_HOST = "";

    /** A user, or a role, whose host is empty. */
    private record Name(String user, String host) {
        String quoted() {
            String name = MariaDbClients.identifier(user);
            return host.equals(NO_HOST) ? name : name + "@" + MariaDbClients.identifier(host);
        }

        static Name of(List<String> row) {
            return new Name(row.get(0), row.get(1));
        }

        /** Written out, because what the compiler makes of the first record that is hashed costs a start 29 ms. */
        @Override
        public int hashCode() {
            return 31 * user.hashCode() + host.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Name name && name.user.equals(user) && name.host.equals(host);
        }
    }

    private final SqlSession session;
    private final MariaDbVersion server;
    private final String database;
    private final List<Header.Account> accounts = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    MariaDbAccounts(SqlSession session, MariaDbVersion server, String database) {
        this.session = session;
        this.server = server;
        this.database = database;
    }

    /**
     * Reads them all.
     *
     * @param readable true when the session's account may read the server's own tables
     */
    void read(boolean readable) throws IOException {
        if (!readable) {
            warnings.add("the accounts of " + database
                    + " are not recorded, because this account may not read the server's" + " own tables");
            return;
        }
        Set<Name> known = names("SELECT user, host FROM mysql.user");
        Set<Name> definers = definers();
        for (Name definer : definers) {
            if (!known.contains(definer)) {
                warnings.add("the definer " + definer.quoted() + " does not exist: what it defines cannot run");
            }
        }
        Set<Name> needed = new LinkedHashSet<>(granted());
        definers.stream().filter(known::contains).forEach(needed::add);
        Map<Name, Set<Name>> roles = roles();
        addMembers(needed, roles);
        for (Name name : needed) {
            if (known.contains(name)) {
                add(name, needed);
            }
        }
    }

    List<Header.Account> accounts() {
        return accounts;
    }

    List<String> warnings() {
        return warnings;
    }

    /** Who has privileges on the database or something in it. */
    private Set<Name> granted() throws IOException {
        Set<Name> granted = new LinkedHashSet<>();
        for (String table : List.of("db", "tables_priv", "columns_priv", "procs_priv")) {
            for (List<String> row :
                    session.query("SELECT DISTINCT user, host, db FROM mysql." + table + " ORDER BY 1, 2")) {
                if (MariaDbNamePattern.matches(row.get(2), database)) {
                    granted.add(Name.of(row));
                }
            }
        }
        return granted;
    }

    private Set<Name> definers() throws IOException {
        String of = " AS BINARY) AS d FROM information_schema.";
        String where = "_schema = " + MariaDbClients.literal(database);
        Set<Name> definers = new LinkedHashSet<>();
        for (String definer :
                session.column("SELECT DISTINCT d FROM (SELECT CAST(definer" + of + "views WHERE table" + where
                        + " UNION SELECT CAST(definer" + of + "triggers WHERE trigger" + where
                        + " UNION SELECT CAST(definer" + of + "routines WHERE routine" + where
                        + " UNION SELECT CAST(definer" + of + "events WHERE event" + where + ") AS x ORDER BY d")) {
            int at = definer.lastIndexOf('@');
            definers.add(
                    at < 0
                            ? new Name(definer, NO_HOST)
                            : new Name(definer.substring(0, at), definer.substring(at + 1)));
        }
        return definers;
    }

    /** Which roles are granted to whom. */
    private Map<Name, Set<Name>> roles() throws IOException {
        Map<Name, Set<Name>> roles = new LinkedHashMap<>();
        String sql = server.family() == Engine.MARIADB
                ? "SELECT user, host, role, '' FROM mysql.roles_mapping ORDER BY 1, 2, 3"
                : "SELECT to_user, to_host, from_user, from_host FROM mysql.role_edges ORDER BY 1, 2, 3, 4";
        if (server.family() == Engine.MARIADB || server.atLeast(8, 0)) {
            for (List<String> row : session.query(sql)) {
                roles.computeIfAbsent(Name.of(row), name -> new LinkedHashSet<>())
                        .add(Name.of(row.subList(2, 4)));
            }
        }
        return roles;
    }

    /** Adds who has one of the needed roles; a role comes to the database through its own grants alone. */
    private static void addMembers(Set<Name> needed, Map<Name, Set<Name>> roles) {
        boolean grown = true;
        while (grown) {
            grown = false;
            for (Map.Entry<Name, Set<Name>> entry : roles.entrySet()) {
                if (entry.getValue().stream().anyMatch(needed::contains)) {
                    grown |= needed.add(entry.getKey());
                }
            }
        }
    }

    private void add(Name name, Set<Name> needed) throws IOException {
        List<String> lines = session.column("SHOW GRANTS FOR " + name.quoted());
        if (lines.stream().map(MariaDbGrant::parse).anyMatch(MariaDbAccounts::isAdministrator)) {
            return;
        }
        List<String> grants = lines.stream()
                .filter(line -> line.contains(" TO " + name.quoted()) || line.startsWith("SET DEFAULT ROLE"))
                .filter(line -> concerns(line, needed))
                .toList();
        accounts.add(new Header.Account(name.quoted(), create(name), grants));
    }

    private static boolean isAdministrator(MariaDbGrant grant) {
        return grant != null && grant.isGlobal() && grant.hasAny("ALL PRIVILEGES", "SUPER", "CREATE USER");
    }

    /** True for a grant on the database or something in it, and for that of a role that is recorded too. */
    private boolean concerns(String line, Set<Name> needed) {
        MariaDbGrant grant = MariaDbGrant.parse(line);
        if (grant == null) {
            return needed.stream()
                    .anyMatch(role -> line.startsWith("GRANT " + role.quoted() + " TO ")
                            || line.startsWith("SET DEFAULT ROLE " + role.quoted() + " FOR "));
        }
        return !grant.isGlobal() && MariaDbNamePattern.matches(grant.database(), database);
    }

    private String create(Name name) throws IOException {
        if (server.family() == Engine.MARIADB && name.host().equals(NO_HOST)) {
            return "CREATE ROLE IF NOT EXISTS " + name.quoted();
        }
        return session.value("SHOW CREATE USER " + name.quoted())
                .replaceFirst("^CREATE USER (?!IF NOT EXISTS)", "CREATE USER IF NOT EXISTS ");
    }

    private Set<Name> names(String sql) throws IOException {
        Set<Name> names = new LinkedHashSet<>();
        for (List<String> row : session.query(sql)) {
            names.add(Name.of(row));
        }
        return names;
    }
}
