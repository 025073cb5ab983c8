package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresShareTest {
    private static final PostgresLargeTable LARGE = new PostgresLargeTable("s.l", "a, b", 1000, 103);
    private static final PostgresLargeTable SMALL = new PostgresLargeTable("s.m", "c", 30, 4);

    private static List<String> statements(int sessions, int serverMajor, long smallest, PostgresLargeTable... tables) {
        return PostgresShare.of(List.of(tables), sessions, serverMajor, smallest).stream()
                .map(PostgresShare::copyTo)
                .toList();
    }

    @Test
    void partsOfATableMeetAndTheLastOneIsOpen() {
        assertThat(statements(1, 14, 1, LARGE, SMALL))
                .containsExactly(
                        "COPY (SELECT a, b FROM ONLY s.l WHERE ctid >= '(0,0)' AND ctid < '(34,0)') TO STDOUT;\n",
                        "COPY (SELECT a, b FROM ONLY s.l WHERE ctid >= '(34,0)' AND ctid < '(68,0)') TO STDOUT;\n",
                        "COPY (SELECT a, b FROM ONLY s.l WHERE ctid >= '(68,0)') TO STDOUT;\n",
                        "COPY s.m (c) TO STDOUT;\n");
    }

    @Test
    void partsHaveASmallestSize() {
        assertThat(statements(8, 14, 500, LARGE, SMALL)).hasSize(3);
        assertThat(statements(8, 14, 501, LARGE, SMALL))
                .containsExactly("COPY s.l (a, b) TO STDOUT;\n", "COPY s.m (c) TO STDOUT;\n");
    }

    @Test
    void tablesAreWholeWhereRangesAreSlowOrThereAreNoPages() {
        PostgresLargeTable elsewhere = new PostgresLargeTable("s.e", "a", 1000, 0);
        assertThat(statements(8, 13, 1, LARGE)).containsExactly("COPY s.l (a, b) TO STDOUT;\n");
        assertThat(statements(8, 17, 1, elsewhere)).containsExactly("COPY s.e (a) TO STDOUT;\n");
    }

    @Test
    void noPartIsWithoutAPage() {
        assertThat(statements(8, 17, 1, new PostgresLargeTable("s.t", "a", 1 << 20, 2)))
                .hasSize(2);
    }
}
