package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One stream through several sessions. */
@Timeout(120)
class MariaDbParallelTest extends MariaDbCase {
    private static final int JOBS = 4;

    private final List<StoredBlock> blocks = new ArrayList<>();

    private void block(Phase phase, String object, String sql, boolean continues) {
        block(phase, object, sql, continues, false);
    }

    private void block(Phase phase, String object, String sql, boolean continues, boolean last) {
        byte[] raw = sql.getBytes(StandardCharsets.UTF_8);
        BlockHead head = new BlockHead(blocks.size(), phase, object, raw.length, 1, 0, continues, last);
        blocks.add(StoredBlock.of(head, raw));
    }

    private void block(Phase phase, String object, String sql) {
        block(phase, object, sql, false);
    }

    private void load() throws IOException {
        load(JOBS);
    }

    private void load(int jobs) throws IOException {
        create(live, "CREATE TABLE dual_purpose (i int)");
        TargetOptions options =
                new TargetOptions(CONNECTION, null, false, true, true, true, jobs, PostgresCreation.RECORDED);
        try (MariaDbTarget target = target(options)) {
            target.prepare(MariaDbDump.header(SERVER, live));
            for (StoredBlock block : blocks) {
                target.load(block);
            }
            target.check(List.of());
            target.switchOver();
        }
    }

    private String ask(String sql) {
        return SERVER.sql(live, sql).strip();
    }

    /** Each session has the settings, and rows of one table come through several. */
    @Test
    void rowsOfOneTableComeThroughSeveralSessions() throws IOException {
        block(Phase.SETUP, null, "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', SESSION wait_timeout = 4711;\n");
        block(Phase.SCHEMA, "t", """
                CREATE TABLE `t` (
                  `id` int(11) NOT NULL AUTO_INCREMENT,
                  `who` int(11) NOT NULL,
                  `mode` varchar(90) NOT NULL,
                  PRIMARY KEY (`id`),
                  KEY `by_who` (`who`)
                ) ENGINE=InnoDB;
                """);
        for (int i = 0; i < 40; i++) {
            block(
                    Phase.DATA,
                    "t",
                    "INSERT INTO `t` VALUES (" + i + ", CONNECTION_ID(), CONCAT(@@sql_mode, @@wait_timeout));\n");
        }
        block(Phase.SCHEMA, "u", "CREATE TABLE u (id int PRIMARY KEY) ENGINE=InnoDB;\n");
        block(Phase.DATA, "u", "INSERT INTO u VALUES (1);\n");
        block(Phase.FINISH, null, "CREATE VIEW v AS SELECT COUNT(*) AS n FROM t;\n");
        load();
        assertThat(ask("SELECT n FROM v")).isEqualTo("40");
        assertThat(ask("SELECT COUNT(DISTINCT who) BETWEEN 2 AND " + JOBS + " FROM t"))
                .isEqualTo("1");
        assertThat(ask("SELECT DISTINCT mode FROM t")).isEqualTo("NO_AUTO_VALUE_ON_ZERO4711");
        assertThat(ask("SHOW CREATE TABLE t")).contains("KEY `by_who` (`who`)");
        assertThat(ask("SELECT COUNT(*) FROM u")).isEqualTo("1");
    }

    /**
     * What comes before and behind the last rows of a large table looks whether that one has its key already; with one
     * session there is no race.
     */
    @ParameterizedTest
    @ValueSource(ints = {1, JOBS})
    void aLargeTableGetsItsKeysBeforeTheRowsOfTheNext(int jobs) throws IOException {
        String seen = "INSERT INTO seen SELECT COUNT(*) FROM information_schema.STATISTICS"
                + " WHERE TABLE_SCHEMA = DATABASE() AND INDEX_NAME = 'late';\n";
        String columns =
                " (\n  `id` int,\n  `txt` longtext,\n  PRIMARY KEY (`id`),\n  KEY `late` (`txt`(5))\n) ENGINE=InnoDB;\n";
        block(Phase.SCHEMA, "small", "CREATE TABLE `small`" + columns);
        block(Phase.DATA, "small", "INSERT INTO small VALUES (1, 'x');\n");
        block(Phase.SCHEMA, "large", "CREATE TABLE `large`" + columns);
        block(Phase.SCHEMA, "seen", "CREATE TABLE seen (n int) ENGINE=InnoDB;\n");
        for (int i = 0; i < 5; i++) {
            block(Phase.DATA, "seen", seen);
            String rows = "INSERT INTO large VALUES (" + i + ", '" + "x".repeat(4 << 20) + "');\n";
            block(Phase.DATA, "large", rows, false, i == 4);
        }
        block(Phase.DATA, "seen", seen);
        load(jobs);
        assertThat(ask("SELECT COUNT(*) FROM large FORCE INDEX (late) WHERE txt LIKE 'xxxxx%'"))
                .isEqualTo("5");
        assertThat(ask("SELECT COUNT(*) FROM small FORCE INDEX (late) WHERE txt = 'x'"))
                .isEqualTo("1");
        if (jobs == 1) {
            assertThat(ask("SELECT GROUP_CONCAT(n ORDER BY n) FROM seen")).isEqualTo("0,0,0,0,0,1");
        }
    }

    @Test
    void blocksThatContinueStayTogether() throws IOException {
        block(
                Phase.SCHEMA,
                "t",
                "CREATE TABLE t (id int PRIMARY KEY, txt longtext) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n");
        for (int i = 0; i < 12; i++) {
            block(Phase.DATA, "t", "INSERT INTO t VALUES (" + i + ", '", true);
            block(Phase.DATA, "t", "x".repeat(300_000), true);
            block(Phase.DATA, "t", "y');\n");
        }
        load();
        assertThat(ask("SELECT COUNT(*), SUM(LENGTH(txt)), MIN(RIGHT(txt, 2)) FROM t"))
                .isEqualTo("12\t3600012\txy");
    }

    @Test
    void theFirstErrorNamesItsBlockAndStopsAll() {
        block(Phase.SCHEMA, "t", "CREATE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n");
        for (int i = 0; i < 20; i++) {
            block(Phase.DATA, "t", "INSERT INTO t VALUES (" + (i == 9 ? 3 : i) + ");\n");
        }
        Failure failure = catchThrowableOfType(Failure.class, this::load);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.LOAD_FAILED);
        assertThat(failure).hasMessageMatching("block (4|10) \\(t\\): ERROR 1062 .*Duplicate entry '3'.*");
        assertThat(ask("SHOW TABLES")).isEqualTo("dual_purpose");
        assertThat(schemas()).doesNotContain("__bpipe");
    }

    @Test
    void aKeyThatTheRowsBreakNamesItsTable() {
        block(
                Phase.SCHEMA,
                "t",
                "CREATE TABLE `t` (\n  `id` int,\n  `a` int,\n  PRIMARY KEY (`id`),\n  UNIQUE KEY `a` (`a`)\n)"
                        + " ENGINE=InnoDB;\n");
        block(Phase.DATA, "t", "INSERT INTO t VALUES (1, 5), (2, 5);\n");
        Failure failure = catchThrowableOfType(Failure.class, this::load);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.LOAD_FAILED);
        assertThat(failure).hasMessageStartingWith("block 0 (t): ERROR 1062").hasMessageContaining("'a'");
    }

    @Test
    void damageIsFoundBeforeAnythingOfTheBlockIsLoaded() {
        block(Phase.SCHEMA, "t", "CREATE TABLE t (id int PRIMARY KEY) ENGINE=InnoDB;\n");
        block(Phase.DATA, "t", "INSERT INTO t VALUES (1);\n");
        StoredBlock whole = blocks.get(1);
        byte[] zstd = whole.zstd().clone();
        zstd[zstd.length - 1] ^= 1;
        blocks.set(1, new StoredBlock(whole.head(), zstd, 4711));
        Failure failure = catchThrowableOfType(Failure.class, this::load);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DAMAGED_STREAM);
        assertThat(failure).hasMessageContaining("block 1 is damaged").hasMessageContaining("4711");
    }
}
