package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import io.github.bpipe.writer.target.mariadb.MariaDbJournal.Role;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Privileges that a switch would lose. Those on tables, columns and views belong to a name and stay, whatever stands under
 * it; those on a routine go with it when it is dropped. They wait in the journal, so that whoever completes the switch, or
 * rolls back, gives them.
 */
final class MariaDbGrants {
    private final MariaDbServer server;
    private final MariaDbCatalog catalog;
    private final String live;

    MariaDbGrants(MariaDbServer server) {
        this.server = server;
        this.catalog = new MariaDbCatalog(server.keeper());
        this.live = server.names().live();
    }

    /** What anybody may do with single routines of the live database, as statements. */
    List<String> ofRoutines() throws IOException {
        List<String> grants = new ArrayList<>();
        for (List<String> row : server.keeper()
                .query("SELECT Routine_type, Routine_name, User, Host, Proc_priv FROM mysql.procs_priv WHERE "
                        + MariaDbCatalog.is("Db", live) + " ORDER BY 1, 2, 3, 4")) {
            List<String> privileges = new ArrayList<>(List.of(row.get(4).split(",")));
            boolean passedOn = privileges.remove("Grant");
            grants.add("GRANT " + (privileges.isEmpty() ? "USAGE" : String.join(", ", privileges))
                    + on(row.get(0), row.get(1)) + MariaDbClients.identifier(row.get(2))
                    + (row.get(3).isEmpty() ? "" : "@" + MariaDbClients.identifier(row.get(3)))
                    + (passedOn ? " WITH GRANT OPTION" : ""));
        }
        return grants;
    }

    /** Those of them whose routine does not stand in the live database: the others are in force and may change. */
    List<String> ofMissing(List<String> grants) throws IOException {
        List<String> there = standing();
        return grants.stream()
                .filter(grant -> there.stream().noneMatch(grant::contains))
                .toList();
    }

    /**
     * Gives what is coming, and once more what the routines had that stand there now.
     *
     * @param warnings gets a sentence for each that was refused
     */
    void give(MariaDbJournal journal, List<String> warnings) throws IOException {
        List<String> there = standing();
        List<String> grants = new ArrayList<>(journal.readList(Role.COMING, Part.GRANTS));
        journal.readList(Role.LEAVING, Part.GRANTS).stream()
                .filter(grant -> there.stream().anyMatch(grant::contains))
                .forEach(grants::add);
        if (grants.isEmpty() || refusal(String.join(";\n", grants)) == null) {
            return;
        }
        for (String grant : grants) {
            String refusal = refusal(grant);
            if (refusal != null) {
                warnings.add("not restored: " + grant + " (" + refusal + ")");
            }
        }
    }

    /** What the server says to statements; null where it takes them. */
    private String refusal(String statements) throws IOException {
        try {
            server.run(null, statements + ";\n");
            return null;
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.LOAD_FAILED) {
                throw e;
            }
            return e.getMessage();
        }
    }

    /** What a grant on each routine of the live database has in it. */
    private List<String> standing() throws IOException {
        return catalog.routines(live).stream()
                .map(item -> on(item.kind(), item.name()))
                .toList();
    }

    private String on(String kind, String routine) {
        return " ON " + kind.toUpperCase(java.util.Locale.ROOT) + " " + MariaDbCatalog.qualified(live, routine)
                + " TO ";
    }
}
