package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import io.github.bpipe.writer.target.mariadb.MariaDbJournal.Role;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Creates the users and roles that a database needs where they are missing; one that is there is never changed. What the
 * stream says about them runs in a client of its own, like everything else in it.
 *
 * <p>They are created before anything is loaded, so that a server which refuses one does so early, and without any
 * privilege: these wait in the journal until the database is live. A run that does not get that far removes the accounts
 * again, and the next one finds them missing as this one did.
 */
final class MariaDbAccounts {
    private final MariaDbServer server;
    private final MariaDbJournal journal;

    /**
     * Does nothing yet.
     *
     * @param journal of the staged schema
     */
    MariaDbAccounts(MariaDbServer server, MariaDbJournal journal) {
        this.server = server;
        this.journal = journal;
    }

    /** Creates those that are missing, and keeps what they are to be granted. */
    void create(List<Header.Account> accounts) throws IOException {
        Set<String> known = new HashSet<>(server.keeper()
                .column("SELECT CONCAT('`', REPLACE(user, '`', '``'), '`',"
                        + " IF(host = '', '', CONCAT('@`', REPLACE(host, '`', '``'), '`'))) FROM mysql.user"));
        List<Header.Account> missing = accounts.stream()
                .filter(account -> !known.contains(account.name()))
                .toList();
        String live = server.names().live();
        journal.writeList(
                Role.COMING,
                Part.ACCOUNTS,
                missing.stream().map(Header.Account::name).toList());
        journal.writeList(
                Role.COMING,
                Part.GRANTS,
                missing.stream()
                        .flatMap(account -> account.grants().stream())
                        .map(grant -> MariaDbAccountGrant.parse(grant).on(live))
                        .toList());
        for (Header.Account account : missing) {
            create(account);
        }
    }

    /** Removes the accounts that a run has created, as long as they have no privilege yet. */
    void remove() throws IOException {
        for (String name : journal.readList(Role.COMING, Part.ACCOUNTS)) {
            if (hasNothing(name)) {
                String kind = name.contains("`@`") ? "USER" : "ROLE";
                server.keeper().execute("DROP " + kind + " IF EXISTS " + name);
            }
        }
    }

    private boolean hasNothing(String name) throws IOException {
        try (SqlSession session = server.session()) {
            List<String> grants = session.column("SHOW GRANTS FOR " + name);
            return grants.size() == 1 && grants.get(0).startsWith("GRANT USAGE ON *.* TO ");
        } catch (Failure e) {
            // it is not there
            return false;
        }
    }

    private void create(Header.Account account) throws IOException {
        try {
            server.run(null, account.create() + ";\n");
        } catch (Failure e) {
            // the server's words may repeat the statement, and with it the hash of a password
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "the missing account " + account.name() + " cannot be created: server error "
                            + MariaDbClients.errorNumber(e.getMessage()),
                    "restore with an account that may (CREATE USER), or without them: --accounts skip");
        }
    }
}
