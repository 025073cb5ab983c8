package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a stream may and may not make psql do; the live database stays as it is when it goes wrong. */
@Timeout(120)
class PostgresLoadTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @TempDir
    Path folder;

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @Test
    void errorNamesTheBlockAndTheObject() {
        String name = bench.live("bad", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new")
                .block(Phase.DATA, "public.u", "CREATE TABLE u (i integer);\nCOPY u FROM stdin;\n1\n2\nx\n\\.\n");
        for (int i = 0; i < 200; i++) {
            stream.block(Phase.DATA, "public.later", "INSERT INTO u VALUES (" + i + ");\n");
        }

        bench.refused(stream, (String) null, ExitCode.LOAD_FAILED)
                .hasMessageContaining("block 2 of public.u")
                .hasMessageContaining("invalid input syntax for type integer: \"x\"");
        assertThat(bench.rows(name)).isEqualTo("5 old");
    }

    @Test
    void clientCommandsDoNotRun() {
        String name = bench.live("hostile", 5, "old");
        Path evil = folder.resolve("evil");
        HandMadeStream stream =
                HandMadeStream.ofTable(name, 3, "new").block(Phase.FINISH, "public.t", "\\! touch " + evil + "\n");
        bench.refused(stream, (String) null, ExitCode.LOAD_FAILED)
                .hasMessageContaining("backslash commands are restricted");

        HandMadeStream setup = new HandMadeStream(name)
                .block(
                        Phase.SETUP,
                        null,
                        "\\unrestrict abc\n\\restrict abc\n\\unrestrict abc\n\\! touch " + evil + "\n");
        bench.refused(setup, (String) null, ExitCode.LOAD_FAILED).hasMessageContaining("wrong key");

        String definition = "CREATE ROLE " + name + ";\n\\! touch " + evil + "\n";
        bench.refused(new HandMadeStream(name).account("nobody_yet", definition), (String) null, ExitCode.PRIVILEGE)
                .hasMessageContaining("backslash commands are restricted");
        bench.refused(
                new HandMadeStream(name).object("t; \\! touch " + evil, "table", 0L),
                (String) null,
                ExitCode.CHECK_FAILED);
        assertThat(Files.exists(evil)).isFalse();
        assertThat(bench.rows(name)).isEqualTo("5 old");
    }

    @Test
    void settingsOfANewerDumpAreLeftOutWithAWarning() throws IOException {
        String name = bench.name("newer");
        HandMadeStream stream = new HandMadeStream(name)
                .block(Phase.SETUP, "\\restrict", "\\restrict abc\n")
                .block(Phase.SETUP, null, """
                        --
                        -- a comment: ü
                        --

                        SET statement_timeout = 0;
                        SET not_yet_invented = 0;
                        SET client_encoding = 'UTF8';
                        SELECT pg_catalog.set_config('search_path', '', false);
                        """)
                .block(Phase.SCHEMA, "public.t", "CREATE TABLE public.t AS SELECT 1 AS id, 'ü'::text AS txt;\n")
                .block(Phase.FINISH, "\\restrict", "\\unrestrict abc\n")
                .object("public.t", "table", 1L)
                .serverVersion("99.1");

        SwitchReport report = bench.restore(stream, null);

        assertThat(bench.rows(name)).isEqualTo("1 ü");
        assertThat(report.warnings())
                .anyMatch(warning -> warning.endsWith("session setting not_yet_invented"))
                .anyMatch(warning -> warning.startsWith("the dump comes from PostgreSQL 99"))
                .hasSize(2);
        bench.refused(stream, bench.options(bench.name("other"), true, false), ExitCode.UNSUITABLE)
                .hasMessageContaining("PostgreSQL 99");
    }

    @Test
    void muchOutputDoesNotStopPsql() throws IOException {
        String name = bench.name("chatty");
        HandMadeStream stream = HandMadeStream.ofTable(name, 1, "new")
                .block(Phase.DATA, null, "SELECT repeat('x', 1000) FROM generate_series(1, 2000);\n");

        bench.restore(stream, null);

        assertThat(bench.rows(name)).isEqualTo("1 new");
    }

    @Test
    void killedPsqlIsAFailure() throws IOException {
        String name = bench.live("killed", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        try (PostgresTarget target = bench.target()) {
            target.prepare(stream.header());
            stream.load(target);
            ProcessHandle psql = bench.child("psql", "dbname='" + name + "__bpipe_new'");
            psql.destroyForcibly();
            psql.onExit().join();

            bench.fails(() -> target.check(stream.objects()), ExitCode.LOAD_FAILED)
                    .hasMessageContaining("psql was ended by signal 9");
        }
        assertThat(bench.databasesLike(name)).containsExactly(name);
        assertThat(bench.rows(name)).isEqualTo("5 old");
    }

    @Test
    void closeFromAnotherThreadEndsALoadThatHangs() throws Exception {
        String name = bench.live("hangs", 5, "old");
        PostgresTarget target = bench.target();
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new")
                .block(Phase.FINISH, null, "SELECT pg_advisory_lock(4711); SELECT pg_sleep(1000);\n");
        target.prepare(stream.header());
        stream.load(target);
        Thread closer = new Thread(() -> {
            while (SERVER.sql("postgres", "SELECT 1 FROM pg_locks WHERE objid = 4711")
                    .isEmpty()) {
                Thread.onSpinWait();
            }
            target.close();
        });
        closer.start();

        // the session that was ended fails, or it is ended before it is given anything more to do
        assertThat(catchThrowableOfType(Failure.class, () -> target.check(stream.objects()))
                        .exitCode())
                .isIn(ExitCode.LOAD_FAILED, ExitCode.INTERRUPTED);
        closer.join();
        target.close();

        assertThat(bench.databasesLike(name)).containsExactly(name);
        assertThat(bench.rows(name)).isEqualTo("5 old");
        bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);
    }
}
