package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static io.github.bpipe.core.engine.PostgresClients.literal;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresMarker.Role;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs that die: the live database is whole, and the next run clears away what they left. */
@Timeout(120)
class PostgresCrashTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.startWith(List.of());

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @AfterAll
    static void stop() {
        SERVER.stop(true);
    }

    @Test
    void serverKilledInTheMiddleOfALoad() throws IOException {
        String name = bench.live("crash", 5, "old");
        SERVER.sql("postgres", "CHECKPOINT");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        try (PostgresTarget target = bench.target()) {
            target.prepare(stream.header());
            SERVER.sql("postgres", "CHECKPOINT");
            stream.load(target);

            SERVER.stop(true);
            bench.fails(() -> target.check(stream.objects()), ExitCode.CONNECT).hasMessageContaining("connection");
        }
        SERVER.start();
        assertThat(bench.rows(name)).isEqualTo("5 old");
        assertThat(bench.databasesLike(name)).containsExactly(name, name + "__bpipe_new");

        SwitchReport report = bench.restore(stream, null);

        assertThat(report.warnings()).containsExactly("removed what an earlier run had left: " + name + "__bpipe_new");
        assertThat(bench.rows(name)).isEqualTo("3 new");
    }

    @Test
    void leftoversAreKnownByTheirMarks() throws IOException {
        String name = bench.live("left", 5, "old");
        mark(bench.live("under another name", 1, "x"), Role.STAGED, name);
        mark(bench.live("left__bpipe_gone", 1, "x"), Role.DOOMED, name);
        SERVER.sql(
                "postgres",
                "CREATE DATABASE " + name + "__bpipe_new CONNECTION LIMIT " + PostgresLeftovers.UNMARKED_LIMIT);
        String others = bench.live("others", 1, "x");
        mark(others, Role.STAGED, "another database");

        bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);

        assertThat(bench.databasesLike(bench.name(""))).containsExactlyInAnyOrder(name, name + "__bpipe_old", others);
    }

    @Test
    void databaseWithoutItsFilesIsReplaced() throws IOException {
        String name = bench.live("gone", 5, "old");
        String whole = bench.live("torn", 5, "old");
        Path base = Path.of(SERVER.sql("postgres", "SHOW data_directory").strip(), "base");
        SERVER.stop(false);
        SERVER.start();
        FileUtils.deleteDirectory(base.resolve(oid(name)).toFile());
        Files.delete(base.resolve(oid(whole)).resolve("PG_VERSION"));
        for (String each : List.of(name, whole)) {
            SwitchReport report = bench.restore(HandMadeStream.ofTable(each, 3, "new"), null);
            assertThat(bench.rows(each)).isEqualTo("3 new");
            assertThat(report.former()).isEqualTo(each + "__bpipe_old");
            new PostgresFormer(bench.connection("postgres"), each).discard();
            assertThat(bench.databasesLike(each)).containsExactly(each);
        }
    }

    private static String oid(String database) {
        return SERVER.sql("postgres", "SELECT oid FROM pg_database WHERE datname = " + literal(database))
                .strip();
    }

    @Test
    void lockOfADeadWriterIsFree() throws IOException {
        String name = bench.live("dead", 5, "old");
        HandMadeStream stream =
                HandMadeStream.ofTable(name, 3, "new").block(Phase.FINISH, null, "SELECT pg_sleep(1000);\n");
        PostgresTarget dead = bench.target();
        dead.prepare(stream.header());
        stream.load(dead);
        ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").endsWith("/psql"))
                .forEach(child -> {
                    child.destroyForcibly();
                    child.onExit().join();
                });

        bench.restore(HandMadeStream.ofTable(name, 4, "newer"), null);
        dead.close();

        assertThat(bench.rows(name)).isEqualTo("4 newer");
        assertThat(bench.databasesLike(name)).containsExactly(name, name + "__bpipe_old");
    }

    private static void mark(String database, Role role, String of) {
        PostgresMarker marker = new PostgresMarker(role, of, UUID.randomUUID(), Instant.now(), null, null, null);
        SERVER.sql("postgres", "COMMENT ON DATABASE " + identifier(database) + " IS " + literal(marker.text()));
    }
}
