package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Renames databases in one transaction, while a second session ends whoever is connected to them.
 *
 * <p>The server renames only what nobody is connected to, and looks again every 100 ms for 5 s. The rename holds a lock
 * that new connections queue behind, so those who reconnect all the time cannot starve it: they wait, and find the new
 * database, or fail once because the name changed under them.
 */
final class PostgresExchange {
    private static final Duration POLL = Duration.ofMillis(10);
    private static final String BEGIN = "BEGIN; SET LOCAL synchronous_commit = on; SET LOCAL lock_timeout = '2s'";

    /** A superuser's session, or a system process such as autovacuum, can be ended by a superuser only. */
    private static final String END_SESSIONS =
            "SELECT CASE WHEN me.rolsuper OR (a.usesysid IS NOT NULL AND (pg_has_role(a.usesysid, 'MEMBER')"
                    + " OR (pg_has_role('pg_signal_backend', 'MEMBER') AND NOT other.rolsuper)))"
                    + " THEN pg_terminate_backend(a.pid) END"
                    + " FROM pg_stat_activity a JOIN pg_roles me ON me.rolname = current_user"
                    + " LEFT JOIN pg_roles other ON other.oid = a.usesysid WHERE a.datid IN (%s)";

    private final PostgresClients clients;
    private final Duration limit;
    private final PostgresStep.Listener steps;

    /**
     * Does nothing yet.
     *
     * @param limit for all attempts together
     */
    PostgresExchange(PostgresClients clients, Duration limit, PostgresStep.Listener steps) {
        this.clients = clients;
        this.limit = limit;
        this.steps = steps;
    }

    /**
     * Runs the statements, all or none of them.
     *
     * @param statements renames, and what must change in the same instant
     * @param oids of the databases whose sessions are ended
     * @return for how long nobody could use them, at most
     */
    Duration run(List<String> statements, List<Long> oids) throws IOException {
        try (SqlSession ender = clients.session(PostgresServer.MAINTENANCE_DATABASE)) {
            ender.execute("SELECT 1");
            long begun = System.nanoTime();
            while (true) {
                try {
                    attempt(statements, ender, oids);
                    return Duration.ofNanos(System.nanoTime() - begun);
                } catch (Refused e) {
                    if (!e.held || System.nanoTime() - begun > limit.toNanos()) {
                        throw new Failure(
                                ExitCode.SWITCH_FAILED,
                                "the databases could not be renamed: " + e.getMessage() + holders(ender, oids),
                                "end those sessions, or run again with an account that may (superuser, or a member of"
                                        + " pg_signal_backend)",
                                e);
                    }
                }
            }
        }
    }

    private void attempt(List<String> statements, SqlSession ender, List<Long> oids) throws IOException {
        try (SqlSession renamer = renamer()) {
            renamer.execute(BEGIN);
            CompletableFuture<Void> renamed = CompletableFuture.runAsync(() -> {
                try {
                    renamer.execute(String.join(";\n", statements));
                } catch (IOException e) {
                    throw new java.util.concurrent.CompletionException(e);
                }
            });
            while (!isDone(renamed)) {
                ender.execute(END_SESSIONS.formatted(list(oids)));
            }
            steps.reached(PostgresStep.RENAMED);
            renamer.execute("COMMIT");
            steps.reached(PostgresStep.SWITCHED);
        }
    }

    private static boolean isDone(CompletableFuture<Void> renamed) throws IOException {
        try {
            renamed.get(POLL.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "interrupted while renaming databases", "run it again", e);
        }
    }

    private SqlSession renamer() throws IOException {
        List<String> arguments = new ArrayList<>(SqlSession.PSQL_FORMAT);
        arguments.addAll(List.of("-v", "VERBOSITY=verbose"));
        return new SqlSession(
                clients.psql(PostgresServer.MAINTENANCE_DATABASE, arguments)
                        .withEnvironment("PGCLIENTENCODING", "UTF8"),
                SqlSession.Dialect.POSTGRESQL,
                (status, stderr) -> new Refused(stderr));
    }

    /** Who is connected now, by name. */
    private static String holders(SqlSession ender, List<Long> oids) throws IOException {
        String holders = ender
                .query("SELECT pid, coalesce(usename, backend_type), coalesce(nullif(application_name, ''), '-')"
                        + " FROM pg_stat_activity WHERE datid IN (" + list(oids) + ") ORDER BY pid LIMIT 5")
                .stream()
                .map(row -> "server process %s of %s (%s)".formatted(row.get(0), row.get(1), row.get(2)))
                .collect(Collectors.joining(", "));
        return holders.isEmpty() ? "" : "; held by " + holders;
    }

    private static String list(List<Long> oids) {
        return oids.isEmpty() ? "0" : oids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** What the server said to a rename; its messages are in its own language, so the SQLSTATE tells. */
    private static final class Refused extends Failure {
        private static final String OBJECT_IN_USE = "55006";
        private static final String LOCK_NOT_AVAILABLE = "55P03";

        private final boolean held;

        Refused(String stderr) {
            super(ExitCode.SWITCH_FAILED, RestrictedPsql.firstError(stderr), "run it again");
            held = stderr.contains(OBJECT_IN_USE) || stderr.contains(LOCK_NOT_AVAILABLE);
        }
    }
}
