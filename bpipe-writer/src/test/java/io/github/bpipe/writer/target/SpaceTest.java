package io.github.bpipe.writer.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.DatabaseSize;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.testkit.SmallDisk;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A database that does not fit on the server's disk is refused before anything is made, with the numbers. */
@Timeout(120)
class SpaceTest {
    private static final long LIVE_BYTES = 40L << 20;

    @Test
    void mariaDb() throws IOException {
        try (SmallDisk disk = SmallDisk.of(300L << 20)) {
            ThrowawayMariaDb server = ThrowawayMariaDb.startOn(disk);
            server.sql("", "CREATE DATABASE small");
            server.sql(
                    "small",
                    "CREATE TABLE t (a LONGBLOB); INSERT INTO t SELECT REPEAT('x', 1000000) FROM seq_1_to_40;"
                            + "ANALYZE TABLE t");
            disk.fillUpTo(LIVE_BYTES);
            assertRefusals(
                    Engine.MARIADB,
                    new Connection(null, null, server.socket(), "root", null, null, null),
                    disk.folder() + "/data");
            assertThat(server.sql("", "SHOW DATABASES")).doesNotContain("__bpipe");
            server.stop(true);
        }
    }

    @Test
    void postgres() throws IOException {
        try (SmallDisk disk = SmallDisk.of(300L << 20)) {
            ThrowawayPostgres server = ThrowawayPostgres.startOn(disk);
            server.sql("postgres", "CREATE DATABASE small");
            server.sql(
                    "small",
                    "CREATE TABLE t (a text); ALTER TABLE t ALTER a SET STORAGE EXTERNAL;"
                            + "INSERT INTO t SELECT repeat('x', 1000000) FROM generate_series(1, 40)");
            disk.fillUpTo(LIVE_BYTES);
            assertRefusals(
                    Engine.POSTGRESQL,
                    new Connection(null, null, server.socketFolder(), "postgres", null, null, server.programs()),
                    disk.folder() + "/data");
            assertThat(server.sql("postgres", "SELECT datname FROM pg_database"))
                    .doesNotContain("__bpipe");
            server.stop(true);
        }
    }

    @Test
    void aMariaDbServerElsewhereIsAsked() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.startElsewhere(List.of("--plugin-load-add=disks"));
        Connection connection = new Connection(null, null, server.socket(), "root", null, null, null);
        Failure failure = prepare(Engine.MARIADB, connection, Long.MAX_VALUE >> 1, false);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.SPACE);
        assertThat(failure).hasMessageContaining("/data of the server has ");
        assertThat(prepare(Engine.MARIADB, connection, 1, false)).isNull();
        server.sql("", "UNINSTALL SONAME 'disks'");
        assertThat(prepare(Engine.MARIADB, connection, Long.MAX_VALUE >> 1, false))
                .isNull();
        server.stop(true);
    }

    /** Of a disk with as much room as the live database takes. */
    private static void assertRefusals(Engine engine, Connection connection, String folder) throws IOException {
        Failure failure = prepare(engine, connection, 3 * LIVE_BYTES, false);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.SPACE);
        assertThat(failure).hasMessageContaining("the restore needs 126877696 bytes, " + folder + " has ");
        assertThat(failure.hint()).isEqualTo("make room there, or restore with --mode in-place");
        assertThat(prepare(engine, connection, LIVE_BYTES / 2, false)).isNull();

        long moreThanIsFree = LIVE_BYTES * 3 / 2;
        assertThat(prepare(engine, connection, moreThanIsFree, false)).isNotNull();
        assertThat(prepare(engine, connection, moreThanIsFree, true)).isNull();
        assertThat(prepare(engine, connection, 3 * LIVE_BYTES, true).hint()).isEqualTo("make room there");
    }

    /** What {@link Target#prepare} fails with, or null. */
    private static Failure prepare(Engine engine, Connection connection, long bytes, boolean inPlace) {
        TargetOptions options = new TargetOptions(connection, null, inPlace, !inPlace, true, true);
        return catchThrowableOfType(Failure.class, () -> {
            try (Target target = Targets.of(engine, options)) {
                target.prepare(header(engine, bytes));
            }
        });
    }

    private static Header header(Engine engine, long bytes) {
        Object properties = engine == Engine.MARIADB
                ? new MariaDbProperties("utf8mb4", "utf8mb4_bin", "", "", 0)
                : new PostgresProperties(
                        "UTF8",
                        "libc",
                        "C.UTF-8",
                        "C.UTF-8",
                        null,
                        null,
                        null,
                        "postgres",
                        null,
                        null,
                        List.of(),
                        -1,
                        "pg_default",
                        List.of());
        return new Header(
                UUID.randomUUID(),
                "full",
                List.of(),
                "test",
                engine.id(),
                "small",
                null,
                Instant.now(),
                null,
                null,
                DatabaseSize.record(properties, bytes),
                List.of(),
                null,
                null);
    }
}
