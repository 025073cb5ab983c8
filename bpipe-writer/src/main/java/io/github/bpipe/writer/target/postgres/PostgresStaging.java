package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.engine.PostgresDatabaseSql;
import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.postgres.PostgresServer.Database;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Creates the staged database from {@code template0} with the recorded encoding, locale, owner and tablespace, and gives
 * it at the end what would disturb the load: settings (such as {@code default_transaction_read_only}) and privileges.
 */
final class PostgresStaging {
    private static final int ICU_DATABASES = 15;
    private static final int BUILTIN_PROVIDER = 17;

    private final PostgresServer server;
    private final RestrictedPsql psql;
    private final PostgresProperties properties;
    private final PostgresCreation creation;
    private final List<String> warnings;

    /**
     * Does nothing yet.
     *
     * @param recorded what the stream says
     * @param creation what is wanted in place of that
     * @param warnings gets what could not be as it was
     */
    PostgresStaging(
            PostgresServer server,
            RestrictedPsql psql,
            PostgresProperties recorded,
            PostgresCreation creation,
            List<String> warnings) {
        this.server = server;
        this.psql = psql;
        this.creation = creation;
        this.properties = creation.over(recorded);
        this.warnings = warnings;
    }

    /**
     * Creates it, empty, marked, and closed to everybody but superusers where we are one.
     *
     * @param marker whose comment it gets
     */
    Database create(String name, PostgresMarker marker, PostgresPreflight preflight) throws IOException {
        requireProvider();
        String sql = new PostgresDatabaseSql(properties).create(name, creation.templateName(), server.major())
                + owner(preflight) + tablespace() + " CONNECTION LIMIT " + PostgresLeftovers.UNMARKED_LIMIT;
        psql.require(
                PostgresServer.MAINTENANCE_DATABASE,
                sql + ";\n",
                ExitCode.UNSUITABLE,
                "the server cannot create a database like the one in the stream",
                "its encoding is " + properties.encoding() + ", its locale " + properties.collate()
                        + "; install what the server lacks (locale-gen, then restart the server)");
        boolean superuser = PostgresServer.isTrue(
                server.session().value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"));
        server.session()
                .execute(
                        "BEGIN; " + comment(name, marker.text()) + "; " + limit(name, superuser ? 0 : -1) + "; COMMIT");
        Database staged = server.database(name).orElseThrow();
        warnOfCollation(staged);
        return staged;
    }

    /** Gives a database its settings and privileges; what cannot be given is a warning. */
    void finish(String name) throws IOException {
        PostgresProperties late = new PostgresProperties(
                properties.encoding(),
                properties.localeProvider(),
                properties.collate(),
                properties.ctype(),
                properties.locale(),
                properties.icuRules(),
                properties.collationVersion(),
                properties.owner(),
                null,
                properties.grants(),
                properties.settings(),
                -1,
                properties.tablespace(),
                properties.extensions());
        for (String statement : new PostgresDatabaseSql(late).properties(name)) {
            var answer = psql.run(PostgresServer.MAINTENANCE_DATABASE, statement + ";\n");
            if (answer.status() != 0) {
                warnings.add("not restored: " + statement + " (" + RestrictedPsql.firstError(answer.stderr()) + ")");
            }
        }
    }

    /** The statements that make a staged database an ordinary one: recorded comment and connection limit. */
    List<String> unmark(String name) {
        return List.of(
                comment(name, PostgresMarker.commentBefore(properties.comment())),
                limit(name, properties.connectionLimit()));
    }

    /**
     * The statement for a comment.
     *
     * @param text or null for none
     */
    static String comment(String name, String text) {
        return "COMMENT ON DATABASE " + identifier(name) + " IS " + (text == null ? "NULL" : literal(text));
    }

    private static String limit(String name, int connections) {
        return "ALTER DATABASE " + identifier(name) + " CONNECTION LIMIT " + connections;
    }

    private void requireProvider() throws Failure {
        int oldest =
                switch (properties.localeProvider()) {
                    case "icu" -> ICU_DATABASES;
                    case "builtin" -> BUILTIN_PROVIDER;
                    default -> 0;
                };
        if (server.major() < oldest) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the database has the locale provider " + properties.localeProvider() + ", which PostgreSQL "
                            + server.major() + " does not have",
                    "restore into PostgreSQL " + oldest + " or newer");
        }
    }

    private String owner(PostgresPreflight preflight) throws IOException {
        String owner = properties.owner();
        if (!has("pg_roles WHERE rolname", owner)) {
            if (creation.owner() != null) {
                throw new Failure(
                        ExitCode.TARGET,
                        "the role " + owner + ", which the database is to belong to, does not exist",
                        "CREATE ROLE, or correct restore.create.owner in the profile");
            }
            warnings.add("the role " + owner + " does not exist, so the database belongs to the restoring account");
            return "";
        }
        preflight.requireOwner(owner);
        return " OWNER " + identifier(owner);
    }

    private String tablespace() throws IOException {
        String tablespace = properties.tablespace();
        if (tablespace == null || tablespace.equals(PostgresProperties.DEFAULT_TABLESPACE)) {
            return "";
        }
        if (!has("pg_tablespace WHERE spcname", tablespace)) {
            warnings.add("the tablespace " + tablespace + " does not exist, so the server's default one is used");
            return "";
        }
        return " TABLESPACE " + identifier(tablespace);
    }

    private boolean has(String where, String name) throws IOException {
        return name != null
                && !server.session()
                        .query("SELECT 1 FROM " + where + " = " + literal(name))
                        .isEmpty();
    }

    /** Indexes were built anew, so another version only means that texts may sort in another order than before. */
    private void warnOfCollation(Database staged) throws IOException {
        if (properties.collationVersion() == null || server.major() < ICU_DATABASES) {
            return;
        }
        String version = server.session().value("SELECT datcollversion FROM pg_database WHERE oid = " + staged.oid());
        if (!Objects.equals(version, properties.collationVersion())) {
            warnings.add(
                    "the collation " + properties.collate() + " has version " + version + " on this server and had "
                            + properties.collationVersion() + " where the dump was made: texts may sort differently");
        }
    }
}
