package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MariaDbTableOrderTest {
    private static final String DATABASE = "ordered_x";

    private final ThrowawayMariaDb server = ThrowawayMariaDb.shared();

    @AfterEach
    void drop() {
        server.sql("", "DROP DATABASE IF EXISTS ordered_x; DROP DATABASE IF EXISTS ordered_copy");
    }

    private static MariaDbTable table(String name, long bytes) {
        return new MariaDbTable(name, "BASE TABLE", "InnoDB", "", bytes, 0);
    }

    @Test
    void largeTablesComeFirst() {
        List<MariaDbTable> tables =
                List.of(table("a", 1), table("b", 20), table("c", 3), table("d", 30), table("e", 2));
        assertThat(MariaDbTableOrder.of(tables, 10).names()).containsExactly("d", "b", "a", "c", "e");
        assertThat(MariaDbTableOrder.of(tables, 31)).isEqualTo(MariaDbTableOrder.BY_NAME);
    }

    @Test
    void oneNameThatTheProgramCannotFindLeavesItsOwnOrder() {
        for (String name : List.of("it's", "a\"b", "back\\slash", "a\nb", "per%cent", "gra`ve")) {
            assertThat(MariaDbTableOrder.of(List.of(table("a", 20), table(name, 1)), 10))
                    .as(name)
                    .isEqualTo(MariaDbTableOrder.BY_NAME);
        }
    }

    @Test
    void moreNamesThanACommandLineTakesLeaveItsOwnOrder() {
        List<MariaDbTable> tables = java.util.stream.IntStream.range(0, 10_000)
                .mapToObj(i -> table("x".repeat(58) + i, 20))
                .toList();
        assertThat(MariaDbTableOrder.of(tables, 10)).isEqualTo(MariaDbTableOrder.BY_NAME);
    }

    private MariaDbSource source() {
        return new MariaDbSource(
                Engine.MARIADB,
                MariaDbDumps.root(server),
                DATABASE,
                Set.of(),
                new MariaDbSharing(1, 1 << 20, Duration.ofSeconds(5), Duration.ofSeconds(5)));
    }

    private void create() {
        server.sql("", "CREATE DATABASE ordered_x");
        server.sql(
                DATABASE,
                "CREATE SEQUENCE s; CREATE TABLE `a $-#.é` (id int DEFAULT nextval(s)); "
                        + "CREATE TABLE w (id int PRIMARY KEY, t text); INSERT INTO w SELECT seq, REPEAT(MD5(seq), 20) FROM"
                        + " seq_1_to_5000; CREATE VIEW v AS SELECT id FROM w; CREATE VIEW b AS SELECT id FROM v; CREATE"
                        + " PROCEDURE p() SELECT 1; CREATE FUNCTION f() RETURNS int RETURN 1; CREATE TRIGGER t BEFORE INSERT ON w"
                        + " FOR EACH ROW SET @x = 1; CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1; CREATE TABLE h (id"
                        + " int PRIMARY KEY) WITH SYSTEM VERSIONING; INSERT INTO h VALUES (1), (2); DELETE FROM h WHERE id = 1;"
                        + " ANALYZE TABLE w");
    }

    /** With names, the dump program prints routines before tables, and checks each name itself. */
    @Test
    void aDumpByNamesHoldsEverything(@TempDir Path folder) throws IOException {
        create();
        Path file = folder.resolve("stream.zst");
        MariaDbDumps.Read read = MariaDbDumps.dumpAndRead(source(), file);
        assertThat(read.blocks().stream()
                        .map(MariaDbDumps.Block::head)
                        .filter(head -> head.phase() == Phase.SCHEMA && head.object() != null)
                        .map(io.github.bpipe.core.stream.BlockHead::object)
                        .filter(name -> name.length() == 1 && !name.equals("s")))
                .startsWith("w");
        MariaDbDumps.loadNatively(server, file, "ordered_copy", read.facts());
        assertThat(io.github.bpipe.testkit.MariaDbFingerprint.of(server, "ordered_copy"))
                .isEqualTo(io.github.bpipe.testkit.MariaDbFingerprint.of(server, DATABASE));
    }

    @Test
    void aTableThatCameMeanwhileIsDumpedToo() throws IOException {
        create();
        try (MariaDbSource source = source()) {
            source.open();
            server.sql(DATABASE, "CREATE TABLE newcomer (id int); DROP TABLE h");
            ObjectLedger ledger = new ObjectLedger();
            source.dump((phase, object, filled, length, rows, continues) -> filled, ledger);
            assertThat(ledger.entries())
                    .extracting("name")
                    .contains("newcomer", "w", "f")
                    .doesNotContain("h");
        }
    }
}
