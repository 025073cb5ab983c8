package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens while a dump runs. */
class MariaDbLiveTest {
    private static final String DATABASE = "live_x";

    private final ThrowawayMariaDb server = ThrowawayMariaDb.shared();
    private final ObjectLedger ledger = new ObjectLedger();

    /** Keeps everything, and does something when the first rows arrive, while the dump waits. */
    private static final class Hooked implements BlockSink {
        private final Runnable hook;
        final ByteArrayOutputStream script = new ByteArrayOutputStream();
        boolean hooked;
        boolean finished;

        Hooked(Runnable hook) {
            this.hook = hook;
        }

        @Override
        public byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues) {
            script.write(filled, 0, length);
            finished |= phase == Phase.FINISH;
            if (phase == Phase.DATA && !hooked) {
                hooked = true;
                hook.run();
            }
            return new byte[StreamFormat.BLOCK_BYTES];
        }
    }

    @BeforeEach
    void create() {
        drop();
        server.sql("", "CREATE DATABASE live_x");
        // the dump cannot get past the first of these tables while its reader waits at the first block
        server.sql(
                DATABASE,
                "CREATE TABLE a (id int PRIMARY KEY, v text); INSERT INTO a SELECT seq, REPEAT(MD5(seq), 20) FROM"
                        + " seq_1_to_30000; CREATE TABLE z (id int PRIMARY KEY); INSERT INTO z VALUES (1), (2); CREATE TRIGGER zt"
                        + " BEFORE INSERT ON z FOR EACH ROW SET @x = 1");
    }

    @AfterEach
    void drop() {
        server.sql("", "DROP DATABASE IF EXISTS live_x; DROP DATABASE IF EXISTS live_copy");
    }

    private void dump(Hooked sink) throws IOException {
        try (MariaDbSource source = MariaDbDumps.source(server, DATABASE)) {
            source.open();
            source.dump(sink, ledger);
        }
    }

    private Failure failingDump(Hooked sink) {
        Failure failure = catchThrowableOfType(Failure.class, () -> dump(sink));
        assertThat(sink.hooked).isTrue();
        assertThat(failure).isNotNull();
        assertThat(sink.finished).as("a finish after a failure").isFalse();
        return failure;
    }

    private static ProcessHandle dumpProcess() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").contains("dump"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no dump is running"));
    }

    @Test
    void aDumpThatIsKilledFails() {
        Failure failure = failingDump(new Hooked(() -> dumpProcess().destroyForcibly()));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure.getMessage()).contains("137");
    }

    @Test
    void aConnectionThatIsKilledFails() {
        Failure failure = failingDump(new Hooked(() -> {
            String id = server.sql(
                    "",
                    "SELECT id FROM information_schema.processlist WHERE info LIKE '%FROM `a`%' AND id <>"
                            + " CONNECTION_ID()");
            server.sql("", "KILL " + id);
        }));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
    }

    @Test
    void aReceiverThatStopsForTooLongIsNamedAsTheReason() {
        String before = server.sql("", "SELECT @@global.net_write_timeout").strip();
        server.sql("", "SET GLOBAL net_write_timeout = 1");
        try {
            Failure failure = failingDump(
                    new Hooked(() -> LockSupport.parkNanos(Duration.ofSeconds(4).toNanos())));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
            assertThat(failure.hint()).contains("net_write_timeout");
        } finally {
            server.sql("", "SET GLOBAL net_write_timeout = " + before);
        }
    }

    @Test
    void closingEndsTheDumpAndItsProcess() {
        MariaDbSource source = MariaDbDumps.source(server, DATABASE);
        ProcessHandle[] process = new ProcessHandle[1];
        Hooked sink = new Hooked(() -> {
            process[0] = dumpProcess();
            source.close();
        });
        Failure failure = catchThrowableOfType(Failure.class, () -> {
            source.open();
            source.dump(sink, ledger);
        });
        assertThat(failure.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(process[0].isAlive()).isFalse();
        assertThat(sink.finished).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"TRUNCATE TABLE z", "DROP TABLE z", "RENAME TABLE z TO y", "ALTER TABLE z ENGINE=InnoDB, FORCE"})
    void tablesThatChangeUnderTheDumpFailIt(String ddl) {
        Failure failure = failingDump(new Hooked(() -> server.sql(DATABASE, ddl)));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure.getMessage()).contains("altered or dropped during the dump");
        assertThat(failure.hint()).contains("run it again");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE b (id int)",
                "ALTER TABLE z ADD COLUMN more int DEFAULT 5, ALGORITHM=INSTANT",
                "ALTER TABLE z COMMENT 'x'",
                "INSERT INTO z VALUES (3)"
            })
    void changesThatASnapshotBearsLeadToAWholeDump(String sql) throws IOException {
        Hooked sink = new Hooked(() -> server.sql(DATABASE, sql));
        dump(sink);
        assertThat(sink.hooked).isTrue();
        load(sink);
        assertThat(server.sql(
                        "live_copy",
                        "SELECT COUNT(*) FROM a; SELECT COUNT(*) FROM z; SHOW TABLES; SELECT trigger_name FROM"
                                + " information_schema.triggers WHERE trigger_schema = DATABASE()"))
                .isEqualTo("30000\n2\na\nz\nzt\n");
    }

    @Test
    void moneyThatMovesDuringTheDumpIsNeitherLostNorMade() throws Exception {
        server.sql(
                DATABASE,
                "CREATE TABLE `0` (id int PRIMARY KEY, money int); CREATE TABLE `b` LIKE `0`; INSERT INTO `0` SELECT"
                        + " seq, 1000 FROM seq_1_to_100; INSERT INTO b SELECT seq, 1000 FROM seq_1_to_100; CREATE TABLE moves (n int);"
                        + " INSERT INTO moves VALUES (0)");
        server.sql(DATABASE, """
                DELIMITER //
                CREATE PROCEDURE move() WHILE (SELECT n FROM moves) >= 0 DO
                  START TRANSACTION;
                  SET @m = FLOOR(RAND() * 10), @i = 1 + FLOOR(RAND() * 100);
                  UPDATE `0` SET money = money - @m WHERE id = @i;
                  UPDATE b SET money = money + @m WHERE id = @i;
                  UPDATE moves SET n = n + 1 WHERE n >= 0;
                  COMMIT;
                END WHILE//
                """);
        CompletableFuture<Void> mover = CompletableFuture.runAsync(() -> server.sql(DATABASE, "CALL move()"));
        Hooked sink;
        try {
            awaitMoves(100);
            sink = new Hooked(() -> awaitMoves(moves() + 200));
            dump(sink);
        } finally {
            server.sql(DATABASE, "UPDATE moves SET n = -1");
            mover.get();
        }
        load(sink);
        assertThat(server.sql("live_copy", "SELECT (SELECT SUM(money) FROM `0`) + (SELECT SUM(money) FROM b)")
                        .strip())
                .isEqualTo("200000");
        assertThat(Integer.parseInt(
                        server.sql("live_copy", "SELECT n FROM moves").strip()))
                .isPositive();
    }

    private int moves() {
        return Integer.parseInt(server.sql(DATABASE, "SELECT n FROM moves").strip());
    }

    private void awaitMoves(int count) {
        while (moves() < count) {
            Thread.onSpinWait();
        }
    }

    private void load(Hooked sink) {
        server.sql("", "CREATE DATABASE live_copy");
        server.client("live_copy", sink.script.toByteArray()).orFail();
    }
}
