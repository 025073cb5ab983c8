package io.github.bpipe.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One table exchanged in a live database, by a writer that is killed at a step of it: old or new, and all else stays. */
class TablesFaultTest {
    private static final long SECONDS_TO_END = 60;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "mariadb, 'JOURNAL_WRITTEN,SWITCHING,TABLES_HELD,RENAME_QUEUED', 'RENAMED,TRIGGERS_CREATED,EVENTS_CREATED,COMPLETE'",
        "postgresql, 'CHECK,TABLES_LOADED,RENAMED', SWITCHED",
        "sqlite, 'CHECK,FORMER_SAFE,OVERWRITING', SWITCHED",
    })
    @Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aKilledExchangeIsUndoneOrCompleted(String engine, String before, String after) throws Exception {
        try (FaultBench bench = bench(engine)) {
            bench.begin();
            Map<String, String> old = new TreeMap<>(bench.oldContent());
            assertThat(exchange(bench).said()).contains("the former tables are kept in");
            Map<String, String> exchanged = content(bench);
            assertOnlyTheTableDiffers(old, exchanged);
            bench.reset();
            removeFormer(bench);
            Path stream = Files.write(folder.resolve(engine), bench.newStream().bytes());
            for (String step : before.split(",")) {
                kill(bench, stream, step);
                removeFormer(bench);
                // the next run clears up first
                assertThat(exchange(bench).restored()).as(step).isTrue();
                assertThat(content(bench)).as(step).isEqualTo(exchanged);
                bench.reset();
                removeFormer(bench);
            }
            for (String step : after.split(",")) {
                kill(bench, stream, step);
                FaultedWriter.Outcome again = exchange(bench);
                assertThat(again.said()).as(step).contains("still kept");
                assertThat(content(bench)).as(step).isEqualTo(exchanged);
                bench.reset();
                removeFormer(bench);
            }
        }
    }

    private static FaultBench bench(String engine) {
        return switch (engine) {
            case "mariadb" -> new MariaDbFaultBench();
            case "postgresql" -> new PostgresFaultBench();
            default -> new SqliteFaultBench();
        };
    }

    /** Everything of the table {@code t} is new, everything else is as before. */
    private static void assertOnlyTheTableDiffers(Map<String, String> old, Map<String, String> exchanged) {
        if (old.containsKey("rows")) {
            List<String> lines = List.of(exchanged.get("rows").split("\n"));
            assertThat(lines).anyMatch(line -> line.contains("only_old")).noneMatch(line -> line.contains("only_new"));
            assertThat(exchanged).isNotEqualTo(old);
            return;
        }
        Map<String, String> changed = new TreeMap<>(exchanged);
        changed.entrySet().removeAll(old.entrySet());
        assertThat(changed.keySet()).isNotEmpty().allMatch(key -> key.matches(".*\\b(t|tr|t_id)\\b.*"));
        assertThat(exchanged.keySet()).isEqualTo(old.keySet());
    }

    /** Without the former tables, which PostgreSQL keeps in the same database. */
    private static Map<String, String> content(FaultBench bench) throws IOException {
        Map<String, String> content = new TreeMap<>(bench.content());
        content.keySet().removeIf(key -> key.contains("__bpipe_old"));
        return content;
    }

    private static FaultedWriter.Outcome exchange(FaultBench bench) {
        return FaultedWriter.restore(
                bench.connection(),
                bench.database(),
                true,
                List.of("t"),
                new ByteArrayInputStream(bench.newStream().bytes()),
                step -> {});
    }

    private static void kill(FaultBench bench, Path stream, String step) throws Exception {
        Process process =
                FaultedWriter.start(bench.connection(), bench.database(), stream, FaultPoint.atStep(step, step), "t");
        assertThat(process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)).as(step).isTrue();
        assertThat(process.exitValue()).as(step).isEqualTo(FaultedWriter.KILLED);
    }

    /** A file of former tables is never removed by a run. */
    private static void removeFormer(FaultBench bench) throws IOException {
        if (bench.engine().equals("sqlite")) {
            Files.deleteIfExists(Path.of(bench.database() + ".bpipe-old-tables"));
        }
    }
}
