package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresMarker.Role;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.postgres.PostgresTableNames.Table;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Puts the tables of a staged database, which was checked, in the place of those of the same name in the live one. They
 * are copied into staged schemas of the live database first; then one transaction moves the live tables into former
 * schemas and the staged ones into theirs, with their indexes, keys, triggers and sequences. A run that ends before that
 * leaves nothing but marked schemas, which the next one drops.
 */
final class PostgresTables {
    private final PostgresClients clients;
    private final String live;
    private final TargetOptions options;
    private final PostgresMarker marker;
    private final Duration patience;
    private final PostgresStep.Listener steps;
    private final List<String> warnings;

    /**
     * @param marker of this run
     * @param patience for how long sessions that use the tables are waited for
     */
    PostgresTables(
            PostgresClients clients,
            String live,
            TargetOptions options,
            PostgresMarker marker,
            Duration patience,
            PostgresStep.Listener steps,
            List<String> warnings) {
        this.clients = clients;
        this.live = live;
        this.options = options;
        this.marker = marker;
        this.patience = patience;
        this.steps = steps;
        this.warnings = warnings;
    }

    /** Drops the schemas that a dead run has staged; needs the lock of the live database. */
    void removeLeftovers() throws IOException {
        try (SqlSession session = session(live)) {
            for (String schema : marked(session, Role.STAGED)) {
                session.execute("DROP SCHEMA " + identifier(schema) + " CASCADE");
                warnings.add("removed what an earlier run had left: the schema " + schema);
            }
        }
    }

    /** Exchanges the tables of the staged database, or fails and leaves the live one as it is. */
    SwitchReport run(String staged, RestrictedPsql psql) throws IOException {
        PostgresTableNames names;
        try (SqlSession session = session(staged)) {
            names = PostgresTableNames.of(session);
            requireFree(names);
            PostgresDependents.require(clients, live, names, options.extent(), warnings);
            names.moveToStaged(session);
        }
        try {
            load(staged, names);
            steps.reached(PostgresStep.TABLES_LOADED);
            return exchange(names, psql);
        } catch (IOException e) {
            removeQuietly(e);
            throw e;
        }
    }

    private void requireFree(PostgresTableNames names) throws IOException {
        try (SqlSession session = session(live)) {
            List<String> ours = marked(session, Role.FORMER);
            for (String schema : names.newSchemas(options.keepFormer())) {
                if (session.query("SELECT 1 FROM pg_namespace WHERE nspname = " + literal(schema))
                        .isEmpty()) {
                    continue;
                }
                throw ours.contains(schema)
                        ? new Failure(
                                ExitCode.TARGET,
                                "the tables before the last restore of some are still kept, in the schema " + schema,
                                "DROP SCHEMA " + identifier(schema) + " CASCADE in " + live
                                        + ", or restore with --no-keep")
                        : new Failure(
                                ExitCode.TARGET,
                                "the schema " + schema
                                        + " is not one of bpipe-writer's, but has the name that it needs",
                                "rename or drop it");
            }
        }
    }

    private void load(String staged, PostgresTableNames names) throws IOException {
        try (SqlSession session = session(live)) {
            for (String schema : names.stagedSchemas()) {
                session.execute("BEGIN; CREATE SCHEMA " + identifier(schema) + "; "
                        + comment(schema, marker.become(Role.STAGED, null)) + "; COMMIT");
            }
            new PostgresTableCopy(clients).copy(staged, live, names.stagedSchemas());
            for (Table table : names.tables()) {
                session.execute("ANALYZE " + table.staged());
            }
        }
        names.requireSameRows(clients, staged, live);
    }

    private SwitchReport exchange(PostgresTableNames names, RestrictedPsql psql) throws IOException {
        long limit = System.nanoTime() + patience.toNanos();
        while (true) {
            try (SqlSession session = session(live)) {
                PostgresDependents dependents = PostgresDependents.of(session, names);
                long begun = System.nanoTime();
                List<String> present = names.present(session);
                session.execute("BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '2s'");
                if (!present.isEmpty()) {
                    session.execute("LOCK TABLE " + String.join(", ", present) + " IN ACCESS EXCLUSIVE MODE");
                }
                session.execute(String.join(";\n", statements(names, present, dependents)));
                steps.reached(PostgresStep.RENAMED);
                session.execute("COMMIT");
                steps.reached(PostgresStep.SWITCHED);
                Duration unusable = Duration.ofNanos(System.nanoTime() - begun);
                dependents.validate(psql, live, warnings);
                String kept =
                        options.keepFormer() && !present.isEmpty() ? String.join(", ", names.formerSchemas()) : null;
                return new SwitchReport(live, kept, unusable, List.copyOf(warnings));
            } catch (Failure e) {
                if (hasHappened(names)) {
                    // what was lost is only the answer
                    String kept = options.keepFormer() ? String.join(", ", names.formerSchemas()) : null;
                    return new SwitchReport(live, kept, Duration.ZERO, List.copyOf(warnings));
                }
                if (e.exitCode() != ExitCode.BUSY || System.nanoTime() > limit) {
                    throw refused(e);
                }
            }
        }
    }

    /** The staged schemas go in the same transaction. */
    private boolean hasHappened(PostgresTableNames names) throws IOException {
        try (SqlSession session = session(live)) {
            return !marked(session, Role.STAGED).containsAll(names.stagedSchemas());
        }
    }

    private List<String> statements(PostgresTableNames names, List<String> present, PostgresDependents dependents) {
        List<String> statements = new ArrayList<>(dependents.before());
        boolean keep = options.keepFormer();
        for (String schema : present.isEmpty() ? List.<String>of() : names.awaySchemas(keep)) {
            statements.add("CREATE SCHEMA " + identifier(schema));
            statements.add(comment(schema, marker.become(Role.FORMER, null)));
        }
        for (Table table : names.tables()) {
            if (present.contains(table.live())) {
                statements.add("ALTER TABLE " + table.live() + " SET SCHEMA " + identifier(names.away(table, keep)));
            }
            statements.add("ALTER TABLE " + table.staged() + " SET SCHEMA " + identifier(table.schema()));
        }
        statements.addAll(dependents.after());
        names.stagedSchemas().forEach(schema -> statements.add("DROP SCHEMA " + identifier(schema)));
        if (!keep && !present.isEmpty()) {
            names.awaySchemas(false)
                    .forEach(schema -> statements.add("DROP SCHEMA " + identifier(schema) + " CASCADE"));
        }
        return statements;
    }

    private Failure refused(Failure e) {
        return e.exitCode() == ExitCode.CONNECT
                ? new Failure(
                        ExitCode.SWITCH_FAILED,
                        "the tables could not be exchanged: " + e.getMessage(),
                        "the live database is as it was; run it again, or restore the tables with --into and copy the rows",
                        e)
                : e;
    }

    /** What stays is a leftover that the next run removes. */
    private void removeQuietly(IOException failure) {
        try {
            removeLeftovers();
        } catch (IOException e) {
            failure.addSuppressed(e);
        }
    }

    private static List<String> marked(SqlSession session, Role role) throws IOException {
        List<String> found = new ArrayList<>();
        for (List<String> row : session.query(
                "SELECT nspname, obj_description(oid, 'pg_namespace') FROM pg_namespace" + " ORDER BY nspname")) {
            Optional<PostgresMarker> marker = PostgresMarker.parse(row.get(1));
            if (marker.filter(each -> each.role() == role).isPresent()) {
                found.add(row.get(0));
            }
        }
        return found;
    }

    private static String comment(String schema, PostgresMarker marker) {
        return "COMMENT ON SCHEMA " + identifier(schema) + " IS " + literal(marker.text());
    }

    private SqlSession session(String database) throws IOException {
        SqlSession session = clients.session(database);
        session.execute("SET row_security = off; SET search_path = ''; SET client_min_messages = warning");
        return session;
    }
}
