package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MariaDbSplitterTest {
    /** As MySQL's own program prints it. */
    private static final byte[] MYSQLDUMP = """
            -- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
            /*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
            /*!50503 SET NAMES utf8mb4 */;
            /*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;
            DROP TABLE IF EXISTS `t`;
            /*!40101 SET @saved_cs_client     = @@character_set_client */;
            /*!50503 SET character_set_client = utf8mb4 */;
            CREATE TABLE `t` (
              `id` int NOT NULL,
              `g` int GENERATED ALWAYS AS (`id`) VIRTUAL
            );
            /*!40101 SET character_set_client = @saved_cs_client */;
            INSERT INTO `t` (`id`) VALUES (1),(2);
            /*!50003 SET @saved_sql_mode       = @@sql_mode */ ;
            DELIMITER ;;
            /*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET @x = 1 */;;
            DELIMITER ;
            /*!50003 SET sql_mode              = @saved_sql_mode */ ;
            /*!50001 DROP VIEW IF EXISTS `v`*/;
            SET @saved_cs_client     = @@character_set_client;
            /*!50503 SET character_set_client = utf8mb4 */;
            /*!50001 CREATE VIEW `v` AS SELECT\s
             1 AS `id`*/;
            SET character_set_client = @saved_cs_client;
            /*!50001 DROP VIEW IF EXISTS `v`*/;
            /*!50001 CREATE ALGORITHM=UNDEFINED */
            /*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */
            /*!50001 VIEW `v` AS select `t`.`id` AS `id` from `t` */;
            /*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
            /*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

            -- Dump completed on 2026-01-01  0:00:00
            """.getBytes(StandardCharsets.UTF_8);

    private static byte[] dump;

    @BeforeAll
    static void dumpSomethingAwkward() {
        ThrowawayMariaDb server = ThrowawayMariaDb.shared();
        AwkwardMariaDb.create(server, "split_x");
        List<String> command = new ArrayList<>(List.of(
                Programs.find("mariadb-dump", "mariadb-client"),
                "--no-defaults",
                "--socket=" + server.socket(),
                "--user=root"));
        command.addAll(MariaDbDumpProgram.options(
                io.github.bpipe.core.engine.MariaDbVersion.ofServer("10.11.0-MariaDB"), true));
        command.add("split_x");
        dump = Programs.run(command, Map.of(), new byte[0]).orFail().getBytes(StandardCharsets.UTF_8);
        server.sql("", "DROP DATABASE split_x");
    }

    /** Blocks as text with their head, and the ledger at the end. */
    private static List<String> split(byte[] script, IntSupplier sizes) throws IOException {
        List<String> seen = new ArrayList<>();
        BlockSink sink = (phase, object, filled, length, rows, continues) -> {
            seen.add(phase + " " + object + " " + rows + " " + continues + " "
                    + new String(filled, 0, length, StandardCharsets.ISO_8859_1));
            return new byte[StreamFormat.BLOCK_BYTES];
        };
        ObjectLedger ledger = new ObjectLedger();
        try (MariaDbSplitter splitter =
                new MariaDbSplitter(new BlockBuilder(sink), ledger, "split_x", "-- heading\n")) {
            for (int at = 0; at < script.length; ) {
                int count = Math.min(sizes.getAsInt(), script.length - at);
                splitter.feed(script, at, count);
                at += count;
            }
            splitter.finish();
        }
        seen.add(ledger.entries().toString());
        return seen;
    }

    @Test
    void blocksAreTheSameWhateverTheReadBoundaries() throws IOException {
        List<String> whole = split(dump, () -> dump.length);
        assertThat(whole).hasSizeGreaterThan(30);
        assertThat(split(dump, () -> 1)).isEqualTo(whole);
        Random random = new Random(3);
        for (int round = 0; round < 20; round++) {
            assertThat(split(dump, () -> 1 + random.nextInt(3000))).isEqualTo(whole);
        }
    }

    @Test
    void blocksAreTheSameWhereverTheInputIsCutInTwo() throws IOException {
        List<String> whole = split(MYSQLDUMP, () -> MYSQLDUMP.length);
        for (int cut = 1; cut < MYSQLDUMP.length; cut++) {
            int[] sizes = {cut, MYSQLDUMP.length - cut};
            int[] next = {0};
            assertThat(split(MYSQLDUMP, () -> sizes[next[0]++]))
                    .as("cut at %s", cut)
                    .isEqualTo(whole);
        }
    }

    @Test
    void aDumpThatWasCutAnywhereIsRefused() {
        int mark = new String(dump, StandardCharsets.ISO_8859_1).lastIndexOf("-- Dump completed")
                + "-- Dump completed".length();
        for (int length = 0; length < mark; length += 1 + length / 200) {
            byte[] cut = Arrays.copyOf(dump, length);
            assertThatThrownBy(() -> split(cut, () -> 65536))
                    .as("cut at " + cut.length)
                    .hasMessageContaining("end mark");
        }
        byte[] cut = Arrays.copyOf(dump, mark - 1);
        assertThatThrownBy(() -> split(cut, () -> 65536)).hasMessageContaining("end mark");
    }

    @Test
    void somethingBehindTheEndMarkIsRefused() {
        byte[] more = (new String(dump, StandardCharsets.UTF_8) + "SELECT 1;\n").getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> split(more, () -> 65536)).hasMessageContaining("end mark");
    }

    @Test
    void whatMysqldumpPrintsIsUnderstood() throws IOException {
        List<String> seen = split(MYSQLDUMP, () -> 100);
        assertThat(seen)
                .extracting(text -> text.substring(0, text.indexOf(' ', text.indexOf(' ') + 1)))
                .startsWith("SETUP null", "SCHEMA t", "DATA t", "SCHEMA v", "FINISH null");
        assertThat(seen.get(0)).contains("-- heading").endsWith("SQL_NOTES=0 */;\n");
        assertThat(seen.get(2)).startsWith("DATA t 2 false");
        assertThat(seen.get(4).indexOf("`tr`")).isGreaterThan(seen.get(4).indexOf("VIEW `v` AS select"));
    }
}
