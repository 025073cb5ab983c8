package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.LargeWrites;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresEncoding;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.stream.Collectors;

/**
 * A session that prints rows of large tables as pg_dump does, in the same snapshot: one psql that is told one share after
 * the other.
 */
final class PostgresLane {
    /** Quiet, nothing but rows, the first error is the end, and the statement is shown with it. */
    private static final List<String> ARGUMENTS = List.of("-X", "-q", "-A", "-t", "-b", "-v", "ON_ERROR_STOP=1");

    /** Those of pg_dump (its {@code setup_connection}); and what is one session here is no more in the server. */
    private static final String SETTINGS = """
            SET search_path = '';
            SET DateStyle = ISO;
            SET IntervalStyle = postgres;
            SET extra_float_digits = 3;
            SET synchronize_seqscans = off;
            SET row_security = off;
            SET max_parallel_workers_per_gather = 0;
            """;

    /** Ends the rows, as in a script of pg_dump, and the line after that. */
    private static final String END_OF_ROWS = "\\echo '\\\\.\\n'\n";

    private final PostgresRun run;
    private final Charset charset;

    /** A lane of a psql that was started by {@link #command}. */
    PostgresLane(PostgresRun run, Charset charset) {
        this.run = run;
        this.charset = charset;
    }

    static Command command(PostgresClients clients, String database, PostgresEncoding encoding) throws Failure {
        return LargeWrites.wrap(clients.psql(database, ARGUMENTS).withEnvironment("PGCLIENTENCODING", encoding.name()));
    }

    /**
     * Enters the snapshot and locks the tables. All lanes do so before any of them reads: a lock that came later would wait
     * behind whoever waits for the end of the dump.
     */
    void enter(PostgresSnapshot snapshot, List<PostgresLargeTable> tables, Duration lockLimit) {
        String locks = tables.stream()
                .map(table -> "LOCK TABLE ONLY " + table.name() + " IN ACCESS SHARE MODE;\n")
                .collect(Collectors.joining());
        send(PostgresSnapshot.NO_LIMITS + " \\g /dev/null\n" + SETTINGS
                + "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;\n"
                + "SET TRANSACTION SNAPSHOT '" + snapshot.id() + "';\n"
                + "SET lock_timeout = " + lockLimit.toMillis() + ";\n"
                + locks
                + "SET lock_timeout = 0;\n\\echo\n");
    }

    /** Waits until the snapshot is entered and the tables are locked. */
    void awaitStart() throws IOException {
        run.awaitStart();
    }

    /** Reads what it can get of the shares until there are no more, and ends the session. */
    void read(Queue<PostgresShare> shares, PostgresRows rows) throws IOException {
        run.read(in -> {
            PostgresScript script = new PostgresScript(in, charset);
            for (PostgresShare share = shares.poll(); share != null; share = shares.poll()) {
                send(share.copyTo() + END_OF_ROWS);
                rows.take(script, share.table().name(), share.table().copyFrom().getBytes(charset));
            }
            run.stdin().close();
            if (script.next()) {
                throw new Failure(
                        ExitCode.DUMP_FAILED,
                        "psql printed what it was not asked for: " + script.text(),
                        "use the psql of the server's own version (--clients names its folder), and report this");
            }
        });
    }

    private void send(String text) {
        try {
            run.stdin().write(text.getBytes(charset));
            run.stdin().flush();
        } catch (IOException e) {
            // psql has ended: so does its output, and then its status and stderr say why
            return;
        }
    }
}
