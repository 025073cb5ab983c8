package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores that are refused before anything is created. */
@Timeout(120)
class PostgresRefusalTest {
    private static final ThrowawayPostgres SERVER =
            ThrowawayPostgres.startWith(List.of("wal_level=logical", "max_prepared_transactions=2"));

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @TempDir
    Path folder;

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @AfterAll
    static void stop() {
        SERVER.stop(true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgres", "template1", "x__bpipe_new"})
    void namesOfTheServerAndOfTheWriter(String name) {
        bench.refused(HandMadeStream.ofTable(name, 1, "new"), (String) null, ExitCode.TARGET);
        bench.refused(HandMadeStream.ofTable(bench.name("x"), 1, "new"), name, ExitCode.TARGET);
    }

    @Test
    void streamOfAnotherEngine() {
        bench.refused(
                        HandMadeStream.ofTable(bench.name("x"), 1, "new").engine("mariadb"),
                        (String) null,
                        ExitCode.WRONG_ENGINE)
                .hasMessageContaining("mariadb");
    }

    @Test
    void serverThatIsNotThere() {
        Connection nowhere = new Connection(null, null, folder, "postgres", null, null, null);
        bench.refused(
                HandMadeStream.ofTable(bench.name("x"), 1, "new"),
                new TargetOptions(nowhere, null, false, true, true, true),
                ExitCode.CONNECT);
    }

    @Test
    void psqlThatIsMissingOrDoesNotKnowRestrict() throws IOException {
        HandMadeStream stream = HandMadeStream.ofTable(bench.name("x"), 1, "new");
        Connection clients = new Connection(null, null, SERVER.socketFolder(), "postgres", null, null, folder);
        TargetOptions options = new TargetOptions(clients, null, false, true, true, true);
        bench.refused(stream, options, ExitCode.CLIENT);

        Path psql = folder.resolve("psql");
        Files.writeString(
                psql, "#!/bin/sh\nexec " + SERVER.programs().resolve("psql") + " \"$@\" | grep -v restrict\n");
        Files.setPosixFilePermissions(psql, PosixFilePermissions.fromString("rwxr-xr-x"));
        bench.refused(stream, options, ExitCode.CLIENT).hasMessageContaining("\\restrict");
    }

    @Test
    void rolesThatMayNot() {
        String name = bench.live("owned", 5, "old");
        String role = bench.name("role");
        SERVER.sql("postgres", "CREATE ROLE " + role + " LOGIN");
        TargetOptions options = new TargetOptions(bench.connection(role), null, false, true, true, true);

        bench.refused(HandMadeStream.ofTable(name, 1, "new"), options, ExitCode.PRIVILEGE)
                .hasMessageContaining("CREATEDB");
        SERVER.sql("postgres", "ALTER ROLE " + role + " CREATEDB");
        bench.refused(HandMadeStream.ofTable(name, 1, "new"), options, ExitCode.PRIVILEGE)
                .hasMessageContaining("belongs to postgres");
        bench.refused(HandMadeStream.ofTable(bench.name("none"), 1, "new"), options, ExitCode.PRIVILEGE)
                .hasMessageContaining("not a member");
        bench.refused(
                        HandMadeStream.ofTable(bench.name("none"), 1, "new")
                                .properties(OrdinaryProperties.ownedBy(role))
                                .account(bench.name("more"), "CREATE ROLE " + bench.name("more")),
                        options,
                        ExitCode.PRIVILEGE)
                .hasMessageContaining(bench.name("more"));
        SERVER.sql("postgres", "DROP ROLE " + role);
    }

    @Test
    void ownerWithoutSuperuserMayRestore() throws IOException {
        String name = bench.live("mine", 5, "old");
        String role = bench.name("owner");
        SERVER.sql("postgres", "CREATE ROLE " + role + " LOGIN CREATEDB; ALTER DATABASE " + name + " OWNER TO " + role);
        PostgresProperties owned = OrdinaryProperties.ownedBy(role);

        bench.restoreWith(
                HandMadeStream.ofTable(name, 3, "new").properties(owned),
                new TargetOptions(bench.connection(role), null, false, false, true, true));

        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(bench.databasesLike(name)).containsExactly(name);
        bench.dropAll();
        SERVER.sql("postgres", "DROP ROLE " + role);
    }

    @Test
    void whatWouldNotFollowTheNewDatabase() {
        String name = bench.live("foreign", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 1, "new");

        SERVER.sql(name, "SELECT pg_create_logical_replication_slot('bench_slot', 'pgoutput')");
        bench.refused(stream, (String) null, ExitCode.UNSUITABLE).hasMessageContaining("bench_slot");
        SERVER.sql(name, "SELECT pg_drop_replication_slot('bench_slot')");

        SERVER.sql(name, "CREATE SUBSCRIPTION bench_sub CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)");
        bench.refused(stream, (String) null, ExitCode.UNSUITABLE).hasMessageContaining("bench_sub");
        SERVER.sql(name, "ALTER SUBSCRIPTION bench_sub SET (slot_name = NONE); DROP SUBSCRIPTION bench_sub");

        SERVER.sql(name, "BEGIN; DELETE FROM t; PREPARE TRANSACTION 'bench prepared'");
        bench.refused(stream, (String) null, ExitCode.UNSUITABLE).hasMessageContaining("bench prepared");
        SERVER.sql(name, "ROLLBACK PREPARED 'bench prepared'");

        assertThat(bench.rows(name)).isEqualTo("5 old");
    }

    @Test
    void twoWritersAtOnce() throws IOException {
        String name = bench.live("contended", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        try (PostgresTarget first = bench.target()) {
            first.prepare(stream.header());

            bench.fails(() -> bench.restore(stream, null), ExitCode.BUSY).hasMessageContaining(name);

            stream.load(first);
            first.check(stream.objects());
            first.switchOver();
        }
        assertThat(bench.rows(name)).isEqualTo("3 new");
    }

    @Test
    void staleDatabaseOfSomebodyElseInTheWay() {
        String name = bench.live("stale", 5, "old");
        String taken = bench.live("stale__bpipe_new", 7, "theirs");

        HandMadeStream stream = HandMadeStream.ofTable(name, 1, "new");
        bench.fails(() -> bench.restore(stream, null), ExitCode.TARGET).hasMessageContaining(taken);

        assertThat(bench.rows(taken)).isEqualTo("7 theirs");
    }
}
