package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbRoundTripTest {
    private final ThrowawayMariaDb server = ThrowawayMariaDb.shared();
    private final List<String> databases = new ArrayList<>();

    @TempDir
    private Path folder;

    private String named(String name) {
        databases.add(name);
        return name;
    }

    private void create(String name) {
        server.sql("", "CREATE DATABASE `" + named(name) + "`");
    }

    @AfterEach
    void drop() {
        databases.forEach(name -> server.sql("", "DROP DATABASE IF EXISTS `" + name.replace("`", "``") + "`"));
    }

    /** Dumps, checks the promises about blocks, loads natively under another name, and compares. */
    private MariaDbDumps.Read roundTrip(String database) throws IOException {
        Path file = folder.resolve("stream.zst");
        MariaDbDumps.Read read = MariaDbDumps.dumpAndRead(MariaDbDumps.source(server, database), file);
        MariaDbDumps.loadNatively(server, file, named("rt_copy"), read.facts());
        assertThat(MariaDbFingerprint.of(server, "rt_copy")).isEqualTo(MariaDbFingerprint.of(server, database));
        return read;
    }

    @Test
    void everythingAwkwardComesBackUnderAnotherName() throws IOException {
        String database = named("rt `awk; -- ward");
        AwkwardMariaDb.create(server, database);
        MariaDbDumps.Read read = roundTrip(database);

        assertThat(read.object("table", "text and nothing").rows()).isEqualTo(11);
        assertThat(read.object("table", "bytes").rows()).isEqualTo(258);
        assertThat(read.object("table", "empty").rows()).isZero();
        assertThat(read.object("table", "line\n-- break; INSERT").rows()).isEqualTo(2);
        // history counts
        assertThat(read.object("table", "versioned").rows()).isEqualTo(3);
        assertThat(read.objects().stream().map(ObjectEntry::kind).distinct())
                .containsExactlyInAnyOrder(
                        "table",
                        "view",
                        "sequence",
                        "trigger",
                        "procedure",
                        "function",
                        "package",
                        "package body",
                        "event");
        assertThat(read.objects().stream().filter(entry -> entry.kind().equals("procedure")))
                .extracting(ObjectEntry::name)
                .containsExactlyInAnyOrder("look alike", "no escapes", "of the new collation");
        assertThat(read.object("event", "every `day").rows()).isNull();
    }

    @Test
    void blocksAreWhatTheyPromise() throws IOException {
        String database = named("rt_blocks");
        AwkwardMariaDb.create(server, database);
        MariaDbDumps.Read read = roundTrip(database);

        List<Phase> phases =
                read.blocks().stream().map(block -> block.head().phase()).toList();
        assertThat(phases.get(0)).isEqualTo(Phase.SETUP);
        assertThat(phases.subList(1, phases.size())).doesNotContain(Phase.SETUP);
        String setup = read.blocks().get(0).text();
        assertThat(setup)
                .startsWith("/*M!999999\\- enable the sandbox mode */")
                .contains("COLLATE utf8mb4_unicode_ci COMMENT 'it''s'")
                .contains("SET NAMES utf8mb4")
                .doesNotContain("DROP");
        for (MariaDbDumps.Block block : read.blocks()) {
            String text = block.text();
            switch (block.head().phase()) {
                case DATA -> {
                    assertThat(text).contains("INSERT INTO").doesNotContain("CREATE ");
                    assertThat(text.contains("insert_history"))
                            .isEqualTo("versioned".equals(block.head().object()));
                }
                case SCHEMA ->
                    assertThat(text)
                            .contains("CREATE ")
                            .doesNotContain("INSERT INTO `")
                            .doesNotContain("TRIGGER");
                case FINISH, SETUP -> {}
            }
        }
        String finish = read.blocks().get(read.blocks().size() - 1).text();
        assertThat(finish.indexOf("TRIGGER `second`"))
                .isGreaterThan(finish.indexOf("CREATE DEFINER=`root`@`localhost` PROCEDURE"));
        assertThat(finish.lastIndexOf(" EVENT `")).isLessThan(finish.indexOf("SQL_MODE=@OLD_SQL_MODE"));
        assertThat(finish.strip().lines().reduce((a, b) -> b).orElseThrow()).startsWith("-- Dump completed");
    }

    @Test
    void theScriptNamesNoDatabase() throws IOException {
        String database = named("rt_unique_name");
        AwkwardMariaDb.create(server, database);
        MariaDbDumps.Read read = roundTrip(database);
        for (MariaDbDumps.Block block : read.blocks().subList(1, read.blocks().size())) {
            assertThat(block.text().lines().filter(line -> !line.startsWith("--")))
                    .noneMatch(line -> line.contains("rt_unique_name"));
        }
    }

    @Test
    void triggersOfAFormerCollationLeaveTheDatabasesOwn() throws IOException {
        create("rt_collation");
        server.sql(
                "rt_collation",
                "CREATE TABLE t (id int); CREATE TABLE u (id int); CREATE TRIGGER t1 BEFORE INSERT ON t FOR"
                        + " EACH ROW SET @a = 1; CREATE TRIGGER t2 BEFORE INSERT ON t FOR EACH ROW SET @a = 2; ALTER DATABASE"
                        + " CHARACTER SET utf8mb4; CREATE TABLE w (id int); CREATE TRIGGER u1 BEFORE INSERT ON u FOR EACH ROW SET"
                        + " @a = 1");
        MariaDbDumps.Read read = roundTrip("rt_collation");
        for (MariaDbDumps.Block block : read.blocks()) {
            if (block.head().phase() != Phase.FINISH) {
                assertThat(block.text()).doesNotContain("ALTER DATABASE");
            }
        }
    }

    @Test
    void anEmptyDatabaseComesBackEmpty() throws IOException {
        create("rt_empty");
        MariaDbDumps.Read read = roundTrip("rt_empty");
        assertThat(read.objects()).isEmpty();
        assertThat(read.trailer().rows()).isZero();
    }

    @Test
    void aRowOf64MiBSpansBlocks() throws IOException {
        create("rt_big");
        AwkwardMariaDb.addBigRow(server, "rt_big");
        MariaDbDumps.Read read = roundTrip("rt_big");
        assertThat(read.object("table", "big row").rows()).isEqualTo(2);
        assertThat(read.trailer().longest()).isGreaterThan(128 << 20);
        List<MariaDbDumps.Block> data = read.blocks().stream()
                .filter(block -> block.head().phase() == Phase.DATA)
                .toList();
        assertThat(data).hasSizeGreaterThan(32);
        assertThat(data.get(0).head().continues()).isTrue();
        assertThat(data.get(data.size() - 1).head().continues()).isFalse();
        assertThat(data).allMatch(block -> block.head().raw() <= StreamFormat.BLOCK_BYTES);
    }

    @Test
    void fiveThousandTablesComeBack() throws IOException {
        create("rt_many");
        AwkwardMariaDb.addTables(server, "rt_many", 5000);
        MariaDbDumps.Read read = roundTrip("rt_many");
        assertThat(read.objects()).hasSize(5000);
        assertThat(read.trailer().rows()).isEqualTo(5000);
    }

    @Test
    void largeTablesAreCutIntoWholeBlocks() throws IOException {
        create("rt_large");
        server.sql(
                "rt_large",
                "CREATE TABLE t (id int PRIMARY KEY, v text) WITH SYSTEM VERSIONING; INSERT INTO t SELECT seq,"
                        + " REPEAT(MD5(seq), 10) FROM seq_1_to_40000; DELETE FROM t WHERE id <= 10000");
        MariaDbDumps.Read read = roundTrip("rt_large");
        List<MariaDbDumps.Block> data = read.blocks().stream()
                .filter(block -> block.head().phase() == Phase.DATA)
                .toList();
        assertThat(data).hasSizeGreaterThan(2);
        assertThat(data.stream().mapToLong(block -> block.head().rows()).sum()).isEqualTo(40_000);
        assertThat(data)
                .allMatch(block -> !block.head().continues())
                .allMatch(block -> block.text().contains("insert_history=1 */;"))
                .allMatch(block -> block.text().strip().endsWith("=@old_system_versioning_insert_history */;"));
    }
}
