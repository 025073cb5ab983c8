package io.github.bpipe.writer.only;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which blocks are read at all. */
class OnlyTablesTest {
    @ParameterizedTest
    @CsvSource({"oc_cards, true", "oc_calendars, true", "oc_card, false", "xoc_calendars, false", "oc_filecache, false"
    })
    void rowsOfOtherTablesOfMariaDbAreNotRead(String table, boolean read) {
        OnlyTables only = OnlyTables.before(null, Engine.MARIADB, List.of("oc_cards", "oc_cal*"));
        assertThat(only.wants(block(Phase.DATA, table))).isEqualTo(read);
        assertThat(only.wants(block(Phase.SCHEMA, table))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "public.cards, true",
        "sales.cards, true",
        "sales.orders, true",
        "public.orders, false",
        "sales.\"a.b\", true",
        "public.\"Ca\"\"r\", true"
    })
    void rowsOfOtherTablesOfPostgresAreNotRead(String table, boolean read) {
        OnlyTables only = OnlyTables.before(null, Engine.POSTGRESQL, List.of("cards", "sales.*", "public.Ca\"r"));
        assertThat(only.wants(block(Phase.DATA, table))).isEqualTo(read);
        assertThat(only.wants(block(Phase.FINISH, table))).isTrue();
    }

    @Test
    void largeObjectsAreNotReadAndPositionsOfSequencesAre() {
        OnlyTables only = OnlyTables.before(null, Engine.POSTGRESQL, List.of("sales.*"));
        assertThat(only.wants(block(Phase.DATA, "large objects"))).isFalse();
        assertThat(only.wants(block(Phase.DATA, null))).isTrue();
    }

    @Test
    void theTargetIsToldTheNumbersOfTheStream() throws IOException {
        List<BlockHead> loaded = new ArrayList<>();
        OnlyTables only = OnlyTables.before(new Recorder(loaded), Engine.MARIADB, List.of("a"));
        only.load(block(0, Phase.SETUP, null, "SET NAMES utf8mb4;\n"));
        only.load(block(1, Phase.SCHEMA, null, "CREATE TABLE `a` (i int);\nCREATE TABLE `b` (i int);\n"));
        only.load(block(2, Phase.DATA, "b", "INSERT INTO `b` VALUES (1);\n"));
        only.load(block(3, Phase.DATA, "a", "INSERT INTO `a` VALUES (1);\n"));
        only.load(block(4, Phase.FINISH, null, "CREATE VIEW v AS SELECT 1;\n"));
        only.load(block(5, Phase.FINISH, null, "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @x = 1;\n"));
        assertThat(loaded).extracting(BlockHead::n).containsExactly(0L, 1L, 3L, 5L);
        assertThat(loaded.get(1).raw()).isLessThan(40);
    }

    /** Remembers what is loaded. */
    private record Recorder(List<BlockHead> loaded) implements Target {
        @Override
        public void prepare(Header header) {}

        @Override
        public void load(StoredBlock block) {
            loaded.add(block.head());
        }

        @Override
        public void check(List<ObjectEntry> objects) {}

        @Override
        public String staged() {
            throw new IllegalStateException("nobody asks for it");
        }

        @Override
        public SwitchReport switchOver() {
            throw new IllegalStateException("nothing to switch");
        }

        @Override
        public void close() {}
    }

    private static StoredBlock block(int n, Phase phase, String object, String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        return StoredBlock.of(new BlockHead(n, phase, object, raw.length, 0, 0, false), raw);
    }

    private static BlockHead block(Phase phase, String object) {
        return new BlockHead(1, phase, object, 1, 1, 0, false);
    }
}
