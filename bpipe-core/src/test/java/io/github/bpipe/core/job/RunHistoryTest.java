package io.github.bpipe.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Trailer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunHistoryTest {
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d";

    @TempDir
    private Path state;

    private Map<String, String> environment;

    @BeforeEach
    void record() throws IOException {
        environment = Map.of(RunFolder.VARIABLE, state.toString());
        run(RunKind.BACKUP, "7", summary(2_000_000));
        run(RunKind.BACKUP, "8", summary(3_000_000));
        run(RunKind.RESTORE, "9", summary(3_000_000).restored("shop", null, Duration.ZERO, List.of()));
        RunSummary picked = summary(3_000_000).restored("shop_only", null, Duration.ZERO, List.of());
        run(RunKind.RESTORE, null, picked.besideLive().ofSomeTables());
        assertThatThrownBy(() -> journal(RunKind.BACKUP).check("11", RunHistoryTest::refuse))
                .isInstanceOf(Failure.class);
        assertThatThrownBy(() -> journal(RunKind.BACKUP).run(null, warning -> {}, () -> {
                    refuse();
                    return null;
                }))
                .isInstanceOf(Failure.class);
        journal(RunKind.RESTORE).check("12", () -> {});
    }

    @Test
    void everyRunIsALineWithTheNewestLast() throws IOException {
        List<String> lines = history().lines(false, false);
        assertThat(lines).hasSize(8).noneMatch(line -> line.contains("\u001b"));
        assertThat(lines.get(0)).matches("begun +kind +job +outcome +size +growth +rows +duration");
        assertThat(lines.get(1)).matches(TIME + "  dump     7    good +2\\.0 MB +- +3,456 +\\d+\\.\\d s");
        assertThat(lines.get(2)).matches(TIME + "  dump     8    good +3\\.0 MB +\\+50\\.0 % +3,456 +\\d+\\.\\d s");
        assertThat(lines.get(3)).matches(TIME + "  restore  9    good +3\\.0 MB +- +3,456 +\\d+\\.\\d s");
        assertThat(lines.get(4)).matches(TIME + "  restore  -    good, beside live +3\\.0 MB +- .*");
        assertThat(lines.get(5)).matches(TIME + "  dump     11   check failed \\(11\\) +- +- +- +-");
        assertThat(lines.get(6)).matches(TIME + "  dump     -    failed \\(11\\) +- +- +- +\\d+\\.\\d s");
        assertThat(lines.get(7)).matches(TIME + "  restore  12   only checked +- +- +- +-");
    }

    @Test
    void aTerminalGetsBarsAndRedForWhatFailed() throws IOException {
        List<String> lines = history().lines(true, true);
        assertThat(lines).contains("dumps, size      ▆█").anyMatch(line -> line.startsWith("dumps, duration  "));
        assertThat(lines.stream().filter(line -> line.startsWith("\u001b[31m") && line.endsWith("\u001b[m")))
                .hasSize(2);
        assertThat(history().lines(true, false)).noneMatch(line -> line.contains("\u001b"));
    }

    @Test
    void barsBeginAtZero() {
        assertThat(Sparkline.of(0, 50, 100)).isEqualTo("▁▅█");
        assertThat(Sparkline.of(0, 0)).isEqualTo("▁▁");
    }

    private RunHistory history() throws Failure {
        return new RunHistory(RunFolder.of(environment, "shop"), ZoneOffset.UTC);
    }

    private void run(RunKind kind, String job, RunSummary summary) throws IOException {
        journal(kind).run(job == null ? null : new Header.Job(null, job, null), warning -> {}, () -> summary);
    }

    private RunJournal journal(RunKind kind) {
        return new RunJournal(environment, kind, "shop");
    }

    private static RunSummary summary(long raw) {
        return RunSummary.ofStream(
                new Trailer(1, 12, raw, 3456, 1, "00", Instant.EPOCH), 500_000, Instant.EPOCH, List.of());
    }

    private static void refuse() throws Failure {
        throw new Failure(ExitCode.LOGIN, "no", "look");
    }
}
