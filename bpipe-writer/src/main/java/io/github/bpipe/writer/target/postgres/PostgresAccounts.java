package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.stream.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Creates the roles that a database needs where they are missing; one that is there is never changed. */
final class PostgresAccounts {
    private final PostgresServer server;
    private final RestrictedPsql psql;
    private final List<String> warnings;

    /**
     * Does nothing yet.
     *
     * @param warnings gets the grants that were refused
     */
    PostgresAccounts(PostgresServer server, RestrictedPsql psql, List<String> warnings) {
        this.server = server;
        this.psql = psql;
        this.warnings = warnings;
    }

    /** Creates all that are missing, or none; then gives the new ones what they are granted. */
    void create(List<Header.Account> accounts) throws IOException {
        List<Header.Account> missing = new ArrayList<>();
        for (Header.Account account : accounts) {
            if (!exists(account.name())) {
                missing.add(account);
            }
        }
        if (!missing.isEmpty()) {
            StringBuilder script = new StringBuilder("BEGIN;\n");
            missing.forEach(account -> script.append(account.create()).append(";\n"));
            psql.require(
                    PostgresServer.MAINTENANCE_DATABASE,
                    script.append("COMMIT;\n").toString(),
                    ExitCode.PRIVILEGE,
                    "missing roles cannot be created ("
                            + String.join(
                                    ", ",
                                    missing.stream().map(Header.Account::name).toList()) + ")",
                    "restore with an account that may (CREATEROLE, or superuser), or without them: --accounts skip");
        }
        for (Header.Account account : missing) {
            for (String grant : account.grants()) {
                grant(grant);
            }
        }
    }

    /** A role of the server that another version does not have is no reason to refuse the database. */
    private void grant(String grant) throws IOException {
        Captured answer = psql.run(PostgresServer.MAINTENANCE_DATABASE, grant + ";\n");
        if (answer.status() != 0) {
            warnings.add("not restored: " + grant + " (" + RestrictedPsql.firstError(answer.stderr()) + ")");
        }
    }

    /** The stream has the name quoted, always or where needed; it is compared, and never run. */
    private boolean exists(String quotedName) throws IOException {
        return !server.session()
                .query("SELECT 1 FROM pg_roles WHERE " + literal(quotedName)
                        + " IN (quote_ident(rolname), '\"' || replace(rolname, '\"', '\"\"') || '\"')")
                .isEmpty();
    }
}
