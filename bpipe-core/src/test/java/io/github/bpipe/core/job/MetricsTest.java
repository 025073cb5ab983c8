package io.github.bpipe.core.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Trailer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    private static final String PROFILE = "a \"shop\"\\";
    private static final String LABELS = "{profile=\"a \\\"shop\\\"\\\\\",kind=\"dump\"}";
    /** A sample as the format's description has it. */
    private static final Pattern SAMPLE = Pattern.compile(
            "([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{(?:[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\[\\\\\"n])*\",?)+})"
                    + " (-?[0-9]+(?:\\.[0-9]+)?)");

    @TempDir
    private Path state;

    private Map<String, String> environment;

    @BeforeEach
    void folder() {
        environment = Map.of(RunFolder.VARIABLE, state.toString());
    }

    @Test
    void aGoodDumpAndThenAFailedOneAreBothTold() throws IOException {
        journal(RunKind.BACKUP).run(null, warning -> {}, MetricsTest::summary);
        Map<String, Double> good = samples();
        assertThat(good)
                .containsEntry("bpipe_last_exit_code" + LABELS, 0.0)
                .containsEntry("bpipe_last_success_bytes" + LABELS, 3e6)
                .containsEntry("bpipe_last_success_stream_bytes" + LABELS, 5e5)
                .containsEntry("bpipe_last_success_rows" + LABELS, 3456.0)
                .containsKey("bpipe_last_success_duration_seconds" + LABELS);
        assertThat(good.keySet()).noneMatch(name -> name.contains("proven"));

        fail(RunKind.BACKUP);
        Map<String, Double> failed = samples();
        assertThat(failed).containsEntry("bpipe_last_exit_code" + LABELS, 11.0);
        String success = "bpipe_last_success_timestamp_seconds" + LABELS;
        assertThat(failed.get(success))
                .isEqualTo(good.get(success))
                .isLessThanOrEqualTo(failed.get("bpipe_last_run_timestamp_seconds" + LABELS));
    }

    @Test
    void onlyAWholeRestoreProvesAnything() throws IOException {
        RunSummary restored = summary().restored("shop", null, Duration.ZERO, List.of());
        journal(RunKind.BACKUP).run(null, warning -> {}, MetricsTest::summary);
        journal(RunKind.RESTORE).run(null, warning -> {}, restored::ofSomeTables);
        journal(RunKind.RESTORE).run(null, warning -> {}, () -> summary().in("/tmp/x"));
        fail(RunKind.RESTORE);
        assertThat(samples().keySet()).noneMatch(name -> name.contains("proven"));
        Instant before = Instant.now();
        journal(RunKind.RESTORE).run(null, warning -> {}, restored::besideLive);
        String proven = "bpipe_last_proven_restorable_timestamp_seconds{profile=\"a \\\"shop\\\"\\\\\"}";
        assertThat(samples().get(proven)).isBetween(before.toEpochMilli() / 1e3 - 1, before.toEpochMilli() / 1e3 + 60);
    }

    @Test
    void theFileAppearsAsAWholeAndEverybodyMayReadIt() throws IOException {
        journal(RunKind.BACKUP).run(null, warning -> {}, MetricsTest::summary);
        Path file = Files.writeString(state.resolve("bpipe.prom"), "former");
        new Metrics(RunFolder.of(environment, PROFILE), PROFILE).write(file);
        assertThat(file)
                .content()
                .startsWith("# HELP bpipe_last_run_timestamp_seconds ")
                .endsWith("\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        try (var files = Files.list(state)) {
            assertThat(files.map(each -> each.getFileName().toString())).containsOnly(PROFILE, "bpipe.prom");
        }
    }

    /** Reads the text as strictly as the description of the format allows: name and labels to value. */
    private Map<String, Double> samples() throws Failure {
        String text = new Metrics(RunFolder.of(environment, PROFILE), PROFILE).text();
        assertThat(text).endsWith("\n").isASCII();
        Map<String, Double> samples = new HashMap<>();
        Set<String> groups = new HashSet<>();
        String group = "";
        for (String line : text.split("\n")) {
            if (line.startsWith("# HELP ")) {
                group = line.split(" ")[2];
                assertThat(groups.add(group)).as("twice: " + line).isTrue();
                assertThat(line).matches("# HELP [a-z_]+ [A-Z][^\\\\]+\\.");
            } else if (line.startsWith("# TYPE ")) {
                assertThat(line).isEqualTo("# TYPE " + group + " gauge");
            } else {
                Matcher matcher = SAMPLE.matcher(line);
                assertThat(matcher.matches()).as(line).isTrue();
                assertThat(matcher.group(1)).isEqualTo(group);
                Double before = samples.put(matcher.group(1) + matcher.group(2), Double.valueOf(matcher.group(3)));
                assertThat(before).as("twice: " + line).isNull();
            }
        }
        return samples;
    }

    private RunJournal journal(RunKind kind) {
        return new RunJournal(environment, kind, PROFILE);
    }

    private void fail(RunKind kind) {
        assertThatThrownBy(() -> journal(kind).run(null, warning -> {}, () -> {
                    throw new Failure(ExitCode.LOGIN, "no", "look");
                }))
                .isInstanceOf(Failure.class);
    }

    private static RunSummary summary() {
        return RunSummary.ofStream(
                new Trailer(1, 12, 3_000_000, 3456, 1, "00", Instant.EPOCH), 500_000, Instant.EPOCH, List.of());
    }
}
