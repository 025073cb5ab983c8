package io.github.bpipe.writer.only;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
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
    void rowsAndIndexesOfOtherTablesOfPostgresAreNotRead(String table, boolean read) {
        OnlyTables only = OnlyTables.before(null, Engine.POSTGRESQL, List.of("cards", "sales.*", "public.Ca\"r"));
        assertThat(only.wants(block(Phase.DATA, table))).isEqualTo(read);
        assertThat(only.wants(block(Phase.FINISH, table))).isEqualTo(read);
    }

    @Test
    void largeObjectsAreNotReadAndPositionsOfSequencesAre() {
        OnlyTables only = OnlyTables.before(null, Engine.POSTGRESQL, List.of("sales.*"));
        assertThat(only.wants(block(Phase.DATA, "large objects"))).isFalse();
        assertThat(only.wants(block(Phase.DATA, null))).isTrue();
    }

    private static BlockHead block(Phase phase, String object) {
        return new BlockHead(1, phase, object, 1, 1, 0, false);
    }
}
