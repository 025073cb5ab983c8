package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore that is kept out of a binary log, on a server that writes one. */
@Timeout(120)
class MariaDbBinlogTest {
    private static final ThrowawayMariaDb SERVER =
            ThrowawayMariaDb.startWith(List.of("--log-bin=log", "--server-id=7", "--binlog-format=ROW"));
    private static final Connection ROOT = new Connection(null, null, SERVER.socket(), "root", null, null, null);
    private static final String LIVE = "logged";

    @AfterAll
    static void stop() {
        SERVER.stop(true);
    }

    @BeforeEach
    void create() {
        SERVER.sql("", "CREATE DATABASE logged; CREATE TABLE logged.t (id int)");
    }

    @AfterEach
    void drop() {
        SERVER.sql(
                "",
                "STOP ALL SLAVES; RESET SLAVE ALL; DROP DATABASE IF EXISTS logged; DROP DATABASE IF EXISTS"
                        + " logged__bpipe_old; DROP USER IF EXISTS nobin@localhost");
    }

    private static String position() {
        return SERVER.sql("", "SHOW MASTER STATUS");
    }

    private static void restore(Connection connection, boolean inPlace, boolean skip) throws IOException {
        TargetOptions keep = new TargetOptions(connection, null, inPlace, !inPlace, true, true);
        TargetOptions options = skip ? keep.withoutBinlog() : keep;
        try (var target = inPlace
                ? new MariaDbInPlaceTarget(Engine.MARIADB, options)
                : new MariaDbTarget(Engine.MARIADB, options)) {
            target.prepare(MariaDbDump.header(SERVER, LIVE));
            target.load(block(0, Phase.SCHEMA, "CREATE TABLE t (id int PRIMARY KEY, txt text) ENGINE=InnoDB;\n"));
            target.load(block(1, Phase.DATA, "INSERT INTO t VALUES (1, 'restored');\n"));
            target.load(block(2, Phase.FINISH, """
                    CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.txt = 'g';
                    CREATE VIEW v AS SELECT txt FROM t;
                    """));
            target.check(List.of());
            target.switchOver();
        }
    }

    private static StoredBlock block(int n, Phase phase, String sql) {
        byte[] raw = sql.getBytes(StandardCharsets.UTF_8);
        return StoredBlock.of(new BlockHead(n, phase, "t", raw.length, 1, 0, false), raw);
    }

    private static void refused(String reason) {
        Failure failure = catchThrowableOfType(Failure.class, () -> restore(ROOT, false, true));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.TARGET);
        assertThat(failure).hasMessageContaining("out of the binary log: " + reason);
        assertThat(failure.hint()).contains("--binlog=keep");
        assertThat(SERVER.sql("", "SHOW DATABASES")).doesNotContain("__bpipe");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nothingOfItStandsInTheLog(boolean inPlace) throws IOException {
        String before = position();
        restore(ROOT, inPlace, true);
        assertThat(position()).isEqualTo(before);
        assertThat(SERVER.sql(LIVE, "SELECT txt FROM v")).isEqualTo("restored\n");

        SERVER.sql("", "DROP DATABASE IF EXISTS logged__bpipe_old");
        String kept = position();
        restore(ROOT, inPlace, false);
        assertThat(position()).isNotEqualTo(kept);
        assertThat(SERVER.sql(LIVE, "SELECT txt FROM v")).isEqualTo("restored\n");
    }

    /** As a replica reads it. */
    @Test
    void aReaderOfTheLogRefusesIt() throws Exception {
        Process replica = new ProcessBuilder(
                        Programs.find("mariadb-binlog", "mariadb-client"),
                        "--no-defaults",
                        "--read-from-remote-server",
                        "--stop-never",
                        "--socket=" + SERVER.socket(),
                        "--user=root",
                        SERVER.sql("", "SHOW BINARY LOGS").split("\t")[0])
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String readers = "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'";
            while (SERVER.sql("", readers).equals("0\n")) {
                assertThat(replica.isAlive()).isTrue();
            }
            refused("a replica");
        } finally {
            replica.destroy();
            replica.waitFor();
        }
    }

    @Test
    void aReplicaRefusesIt() {
        SERVER.sql("", "CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = 1, MASTER_USER = 'x'");
        refused("the server is itself a replica");
    }

    @Test
    void theMissingPrivilegeIsNamed() {
        SERVER.sql(
                "",
                "CREATE USER nobin@localhost; GRANT ALL ON *.* TO nobin@localhost WITH GRANT OPTION;"
                        + " REVOKE BINLOG ADMIN, SUPER ON *.* FROM nobin@localhost");
        Connection lacking = new Connection(null, null, SERVER.socket(), "nobin", null, null, null);
        Failure failure = catchThrowableOfType(Failure.class, () -> restore(lacking, false, true));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.PRIVILEGE);
        assertThat(failure).hasMessageContaining("BINLOG ADMIN");
    }
}
