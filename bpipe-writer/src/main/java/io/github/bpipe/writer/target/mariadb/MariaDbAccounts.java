package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Creates the users and roles that a database needs where they are missing; one that is there is never changed. What the
 * stream says about them runs in a client of its own, like everything else in it.
 */
final class MariaDbAccounts {
    private final MariaDbServer server;
    private final List<String> warnings;
    private final List<MariaDbAccountGrant> late = new ArrayList<>();

    /**
     * Does nothing yet.
     *
     * @param warnings gets the grants that were refused
     */
    MariaDbAccounts(MariaDbServer server, List<String> warnings) {
        this.server = server;
        this.warnings = warnings;
    }

    /** Creates those that are missing and gives them what the server takes before the database is there. */
    void create(List<Header.Account> accounts) throws IOException {
        Set<String> known = new HashSet<>(server.keeper()
                .column("SELECT CONCAT('`', REPLACE(user, '`', '``'), '`',"
                        + " IF(host = '', '', CONCAT('@`', REPLACE(host, '`', '``'), '`'))) FROM mysql.user"));
        List<Header.Account> missing = accounts.stream()
                .filter(account -> !known.contains(account.name()))
                .toList();
        for (Header.Account account : missing) {
            create(account);
        }
        for (Header.Account account : missing) {
            for (String statement : account.grants()) {
                MariaDbAccountGrant grant = MariaDbAccountGrant.parse(statement);
                if (grant.needsObject()) {
                    late.add(grant);
                } else {
                    give(grant);
                }
            }
        }
    }

    /** Gives the new ones what they have on single tables and routines, which must be there for that. */
    void finish() throws IOException {
        for (MariaDbAccountGrant grant : late) {
            give(grant);
        }
    }

    private void create(Header.Account account) throws IOException {
        try {
            run(account.create());
        } catch (Failure e) {
            // the server's words may repeat the statement, and with it the hash of a password
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "the missing account " + account.name() + " cannot be created: server error "
                            + MariaDbClients.errorNumber(e.getMessage()),
                    "restore with an account that may (CREATE USER), or without them: --accounts skip");
        }
    }

    private void give(MariaDbAccountGrant grant) throws IOException {
        String statement = grant.on(server.names().live());
        try {
            run(statement);
        } catch (Failure e) {
            warnings.add("not restored: " + statement + " (" + e.getMessage() + ")");
        }
    }

    private void run(String statement) throws IOException {
        try (MariaDbScriptRun run = server.script(null, ".load")) {
            run.write(statement + ";\n");
            run.finish();
        }
    }
}
