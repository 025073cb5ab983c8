package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.target.postgres.PostgresIndexQueue.Script;
import io.github.bpipe.writer.target.postgres.PostgresIndexScript.Part;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresIndexQueueTest {
    private static final int MEBIBYTE = 1 << 20;

    private static BlockHead head(Phase phase, String table, int raw, long rows) {
        return new BlockHead(1, phase, table, raw, raw, rows, false);
    }

    private static void rows(PostgresIndexQueue queue, String table, int mebibytes) {
        for (int i = 0; i < mebibytes; i++) {
            queue.rows(head(Phase.DATA, table, MEBIBYTE, 0));
        }
    }

    private static Part part(String sql, boolean sorts, boolean locks) {
        return new Part(sql.getBytes(StandardCharsets.UTF_8), sorts, locks);
    }

    private static void add(PostgresIndexQueue queue, String table, Part... parts) {
        queue.add(head(Phase.FINISH, table, 1, 0), List.of(parts));
    }

    private static String sql(Script script) {
        return new String(script.sql(), StandardCharsets.UTF_8);
    }

    @Test
    void largeTablesComeFirstAndNothingThatWouldWaitForALock() {
        PostgresIndexQueue queue = new PostgresIndexQueue(2, 2);
        rows(queue, "small", 1);
        rows(queue, "large", 2);
        add(queue, "none", part("n", false, false));
        add(queue, "small", part("s", false, false));
        add(queue, "large", part("key", false, true), part("l", false, false));

        Script key = queue.take();
        Script small = queue.take();
        assertThat(List.of(sql(key), sql(small))).containsExactly("key", "s");
        queue.done(key);
        assertThat(sql(queue.take())).isEqualTo("l");
        queue.done(small);
        assertThat(sql(queue.take())).isEqualTo("n");
        assertThat(queue.size()).isZero();
    }

    @Test
    void aKeyWaitsForTheIndexesOfItsTableUnlessNothingElseIsLeft() {
        PostgresIndexQueue queue = new PostgresIndexQueue(3, 3);
        add(queue, "t", part("i", false, false), part("key", false, true), part("j", false, false));

        assertThat(sql(queue.take())).isEqualTo("i");
        assertThat(sql(queue.take())).isEqualTo("j");
        assertThat(sql(queue.take())).isEqualTo("key");
    }

    @Test
    void sortsGetMemoryByTheSizeOfTheirTable() {
        assertThat(memory(1)).isEqualTo(16);
        assertThat(memory(60 * 16)).isEqualTo(16);
        assertThat(memory(62 * 16)).isEqualTo(32);
        assertThat(memory(4 * 61 * 16)).isEqualTo(64);
        assertThat(memory(1 << 20)).isEqualTo(256);
    }

    private static int memory(int mebibytes) {
        PostgresIndexQueue queue = new PostgresIndexQueue(2, 2);
        rows(queue, "t", mebibytes);
        add(queue, "t", part("CREATE é;\n", true, false), part("other", true, false));
        String sql = sql(queue.take());
        assertThat(sql).startsWith("BEGIN;\nSET LOCAL maintenance_work_mem = '").endsWith("MB';\nCREATE é;\nCOMMIT;\n");
        return Integer.parseInt(sql.replaceAll("\\D", ""));
    }

    @Test
    void theLastOneGetsTheCoresOfIdleSessions() {
        PostgresIndexQueue queue = new PostgresIndexQueue(2, 2);
        add(queue, "t", part("a;\n", true, false), part("b;\n", true, false), part("c;\n", true, false));
        assertThat(sql(queue.take())).contains("maintenance_work_mem");
        Script second = queue.take();
        assertThat(sql(second)).contains("maintenance_work_mem");
        queue.done(second);
        assertThat(sql(queue.take())).contains("maintenance_work_mem");

        PostgresIndexQueue alone = new PostgresIndexQueue(4, 4);
        add(alone, "t", part("a;\n", true, false));
        assertThat(sql(alone.take()))
                .isEqualTo("BEGIN;\nSET LOCAL max_parallel_maintenance_workers = 3;\na;\nCOMMIT;\n");
    }

    @Test
    void isFullOnlyUntilTheScriptsAreTaken() {
        PostgresIndexQueue queue = new PostgresIndexQueue(1, 1);
        add(queue, "t", part("x".repeat(4 * MEBIBYTE), false, false));
        assertThat(queue.isFull()).isTrue();
        queue.take();
        assertThat(queue.isFull()).isFalse();
    }
}
