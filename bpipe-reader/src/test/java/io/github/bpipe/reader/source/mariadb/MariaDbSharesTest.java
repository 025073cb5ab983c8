package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.Dumped;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps by several sessions of one snapshot. */
class MariaDbSharesTest {
    private static final String DATABASE = "shared_x";
    private static final String TWO_LARGE =
            "CREATE TABLE a (id bigint PRIMARY KEY, n int, v text); INSERT INTO a SELECT"
                    + " seq, 0, REPEAT(MD5(seq), 20) FROM seq_1_to_30000; CREATE TABLE b LIKE a; INSERT INTO b SELECT * FROM a;"
                    + " ANALYZE TABLE a, b";

    private final ThrowawayMariaDb server = ThrowawayMariaDb.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        server.sql(
                "",
                "DROP DATABASE IF EXISTS shared_x; DROP DATABASE IF EXISTS shared_copy; DROP USER IF EXISTS shared@localhost");
    }

    private void create(String sql) {
        server.sql("", "CREATE DATABASE shared_x");
        server.sql(DATABASE, sql);
    }

    private static MariaDbSharing sharing(int jobs, Duration commitsLimit) {
        return new MariaDbSharing(jobs, 1, commitsLimit, Duration.ofMillis(500));
    }

    private MariaDbSource source(int jobs) {
        return source(MariaDbDumps.root(server), jobs, Duration.ofSeconds(20));
    }

    private static MariaDbSource source(Connection connection, int jobs, Duration commitsLimit) {
        return new MariaDbSource(Engine.MARIADB, connection, DATABASE, Set.of(), sharing(jobs, commitsLimit));
    }

    private MariaDbDumps.Read roundTrip(int jobs) throws IOException {
        Path file = folder.resolve("stream.zst");
        MariaDbDumps.Read read = MariaDbDumps.dumpAndRead(source(jobs), file);
        MariaDbDumps.loadNatively(server, file, "shared_copy", read.facts());
        assertThat(MariaDbFingerprint.of(server, "shared_copy")).isEqualTo(MariaDbFingerprint.of(server, DATABASE));
        return read;
    }

    @Test
    void everythingAwkwardComesBack() throws IOException {
        AwkwardMariaDb.create(server, DATABASE);
        MariaDbDumps.Read shared = roundTrip(3);
        MariaDbDumps.Read alone = MariaDbDumps.dumpAndRead(source(1), folder.resolve("alone.zst"));
        assertThat(shared.objects())
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("raw")
                .containsExactlyInAnyOrderElementsOf(alone.objects());
        assertThat(shared.trailer().rows()).isEqualTo(alone.trailer().rows());
    }

    @Test
    void theLastBlockOfEachTableIsMarkedHoweverManyReadIt() throws IOException {
        create(
                TWO_LARGE
                        + "; CREATE TABLE empty (id int); CREATE TABLE small (id int AUTO_INCREMENT PRIMARY KEY); INSERT INTO small VALUES (1)");
        MariaDbDumps.Read read = roundTrip(2);
        List<BlockHead> data = read.blocks().stream()
                .map(MariaDbDumps.Block::head)
                .filter(head -> head.phase() == Phase.DATA)
                .toList();
        assertThat(data.stream().filter(BlockHead::isLast).map(BlockHead::object))
                .containsExactlyInAnyOrder("a", "b", "small");
        for (String table : List.of("a", "b")) {
            List<BlockHead> of =
                    data.stream().filter(head -> table.equals(head.object())).toList();
            assertThat(of.get(of.size() - 1).isLast()).as(table).isTrue();
            assertThat(of.stream().mapToLong(BlockHead::rows).sum()).isEqualTo(30_000);
        }
    }

    private SqlSession session() throws IOException {
        return new MariaDbClients(Engine.MARIADB, MariaDbDumps.root(server)).session(DATABASE);
    }

    @Test
    void aTableThatIsMostOfAllIsSharedByItsKey() throws IOException {
        create(
                "CREATE TABLE a (id bigint PRIMARY KEY); INSERT INTO a VALUES (-10), (90); CREATE TABLE w (w varchar(9) PRIMARY KEY)");
        List<MariaDbTable> tables = List.of(table("a", 60 << 20), table("b'", 20 << 20), table("w", 30 << 20));
        try (SqlSession session = session()) {
            assertThat(MariaDbShares.of(session, tables, sharing(2, Duration.ofSeconds(1))))
                    .containsExactly(
                            MariaDbShare.of("a", "`id` < 40"),
                            MariaDbShare.of("a", "`id` >= 40"),
                            MariaDbShare.of("w", null),
                            MariaDbShare.rest(List.of("a", "w")));
        }
    }

    private static MariaDbTable table(String name, long bytes) {
        return new MariaDbTable(name, "BASE TABLE", "InnoDB", "", bytes, 0);
    }

    /** Each transaction adds to both tables, so that the sums differ where the sessions see different moments. */
    @Test
    void allSessionsSeeOneMoment() throws Exception {
        create(TWO_LARGE);
        AtomicBoolean done = new AtomicBoolean();
        Thread writer = new Thread(() -> {
            for (int i = 1; !done.get(); i = i % 30_000 + 1) {
                server.sql(
                        DATABASE,
                        "BEGIN; UPDATE a SET n = n + 1 WHERE id IN (" + i + ", " + (30_001 - i)
                                + "); UPDATE b SET n = n + 1 WHERE id IN (" + i + ", " + (30_001 - i) + "); COMMIT");
            }
        });
        writer.start();
        try {
            for (int round = 0; round < 3; round++) {
                MariaDbDumps.Read read = MariaDbDumps.dumpAndRead(source(3), folder.resolve(round + ".zst"));
                assertThat(sum(read, "a")).isEqualTo(sum(read, "b"));
            }
        } finally {
            done.set(true);
            writer.join();
        }
    }

    private static long sum(MariaDbDumps.Read read, String table) {
        Pattern counter = Pattern.compile("\\(\\d+,(\\d+),");
        long sum = 0;
        for (MariaDbDumps.Block block : read.blocks()) {
            if (block.head().phase() == Phase.DATA && table.equals(block.head().object())) {
                for (Matcher row = counter.matcher(block.text()); row.find(); ) {
                    sum += Long.parseLong(row.group(1));
                }
            }
        }
        return sum;
    }

    private List<String> warnings(MariaDbSource source) throws IOException {
        try (source) {
            source.open();
            ObjectLedger ledger = new ObjectLedger();
            Dumped dumped = source.dump((phase, object, filled, length, rows, continues) -> filled, ledger);
            assertThat(ledger.entries())
                    .filteredOn(entry -> entry.name().equals("a"))
                    .hasSize(1);
            assertThat(ledger.entries())
                    .allSatisfy(entry -> assertThat(entry.rows()).isEqualTo(30_000));
            return dumped.warnings();
        }
    }

    @Test
    void anAccountThatMayNotHoldBackCommitsReadsAlone() throws IOException {
        create(TWO_LARGE);
        server.sql(
                "",
                "CREATE USER shared@localhost; GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON shared_x.* TO shared@localhost;"
                        + " GRANT SELECT ON mysql.* TO shared@localhost");
        Connection connection = new Connection(null, null, server.socket(), "shared", null, null, null);
        assertThat(warnings(source(connection, 2, Duration.ofSeconds(20))))
                .singleElement()
                .asString()
                .startsWith("one session read all tables in place of 2: ")
                .contains("RELOAD");
        server.sql("", "GRANT RELOAD ON *.* TO shared@localhost");
        assertThat(warnings(source(connection, 2, Duration.ofSeconds(20)))).isEmpty();
    }

    @Test
    void whereAnotherBackupHoldsBackCommitsOneReadsAlone() throws IOException {
        create(TWO_LARGE);
        try (SqlSession other = session()) {
            other.execute("BACKUP STAGE START");
            assertThat(warnings(source(MariaDbDumps.root(server), 2, Duration.ofSeconds(1))))
                    .singleElement()
                    .asString()
                    .contains("one session read all tables in place of 2");
        }
    }

    @Test
    void commitsGoOnWhileRowsAreRead() throws IOException {
        create(TWO_LARGE);
        boolean[] committed = new boolean[1];
        dump(object -> {
            server.sql(DATABASE, "UPDATE a SET n = 7 WHERE id = 1");
            committed[0] = true;
        });
        assertThat(committed[0]).isTrue();
    }

    private interface Hook {
        void atFirstRowsOf(String object);
    }

    private void dump(Hook hook) throws IOException {
        AtomicBoolean hooked = new AtomicBoolean();
        BlockSink sink = (phase, object, filled, length, rows, continues) -> {
            assertThat(phase == Phase.FINISH && !hooked.get()).isFalse();
            if (phase == Phase.DATA && hooked.compareAndSet(false, true)) {
                hook.atFirstRowsOf(object);
            }
            return new byte[StreamFormat.BLOCK_BYTES];
        };
        try (MariaDbSource source = source(2)) {
            source.open();
            source.dump(sink, new ObjectLedger());
        }
    }

    @Test
    void aSessionThatIsKilledFailsTheDump() {
        create(TWO_LARGE);
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> dump(object -> {
                    String id = server.sql(
                            "",
                            "SELECT MAX(id) FROM information_schema.processlist WHERE info LIKE '%FROM `b`%' AND id <> CONNECTION_ID()");
                    server.sql("", "KILL " + id);
                }));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure.getMessage()).contains("shared_x").contains("`b`");
    }

    /** The rows of z come behind 19 MB of y in the same session; its definition was read before. */
    @Test
    void aTableAlteredBeforeItsRowsAreReadFailsTheDump() {
        create(TWO_LARGE
                        .replace("TABLE b", "TABLE `y'`")
                        .replace("INTO b", "INTO `y'`")
                        .replace(", b", "") + "; CREATE TABLE `z'` (id int PRIMARY KEY); INSERT INTO `z'` VALUES (1)");
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> dump(object -> server.sql(DATABASE, "ALTER TABLE `z'` ADD COLUMN later int DEFAULT 3")));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure.getMessage()).contains("z'").contains("altered");
    }

    /** The server ends a session from which nobody reads for so long. */
    @Test
    void aShareThatWaitsForItsTurnIsReadALittle() throws IOException {
        create(TWO_LARGE + "; CREATE TABLE c LIKE a; INSERT INTO c SELECT * FROM a");
        String before = server.sql("", "SELECT @@global.net_write_timeout").strip();
        server.sql("", "SET GLOBAL net_write_timeout = 3");
        try (MariaDbSource source = source(2)) {
            source.open();
            source.dump(
                    (phase, object, filled, length, rows, continues) -> {
                        // for rows only: a session that has its turn waits for two others at most
                        if (phase == Phase.DATA) {
                            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
                        }
                        return filled;
                    },
                    new ObjectLedger());
        } finally {
            server.sql("", "SET GLOBAL net_write_timeout = " + before);
        }
    }
}
