package io.github.bpipe.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RestoreOutcome;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Trailer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AfterCommandTest {
    private static final String JOB = "7";

    @TempDir
    private Path state;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Map<String, String> environment;

    @BeforeEach
    void record() throws IOException {
        environment = Map.of(RunFolder.VARIABLE, state.toString());
        RunSummary stream =
                RunSummary.ofStream(new Trailer(1, 1, 1, 1, 1, "00", Instant.EPOCH), 1, Instant.EPOCH, List.of());
        journal("live").run(job(), warning -> {}, () -> stream.restored("shop", null, Duration.ZERO, List.of()));
        journal("elsewhere").run(job(), warning -> {}, () -> stream.in("/tmp/x/shop.sql.zst"));
        journal("checked").check(JOB, () -> {});
        fail(() -> journal("refused").check(JOB, AfterCommandTest::refuse));
        fail(() -> journal("failed").run(job(), warning -> {}, () -> {
            refuse();
            return stream;
        }));
    }

    @ParameterizedTest
    @CsvSource({
        "live, restored",
        "elsewhere, elsewhere",
        "checked, nothing",
        "refused, nothing",
        "failed, failed",
        "unknown, nothing",
        "checked elsewhere live, restored",
        "live failed, failed",
    })
    void aHookIsToldWhatTheWritersOfItsJobRecorded(String profiles, String outcome) {
        assertThat(after(profiles, "/usr/bin/printenv", RestoreOutcome.VARIABLE))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(outcome + "\n");
    }

    @ParameterizedTest
    @CsvSource({
        "checked, OK, nothing",
        "live, OK -- with warnings, restored",
        "live, Fatal Error, failed",
        "checked, Canceled, failed",
        "elsewhere, Fatal Error, elsewhere",
    })
    void whatTheDaemonSaysOfTheJobCountsToo(String profiles, String ended, String outcome) {
        assertThat(run(List.of("--ended=" + ended), profiles, "/usr/bin/printenv", RestoreOutcome.VARIABLE))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo(outcome + "\n");
    }

    @Test
    void theStatusAndWhatItSaysAreThoseOfTheHook() {
        assertThat(after("live", "/bin/sh", "-c", "echo said; echo why >&2; exit 5"))
                .isEqualTo(5);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("said\nwhy\n");
    }

    @ParameterizedTest
    @CsvSource({"/no/such/hook", "true", "/etc/passwd"})
    void whatCannotBeRunIsAnErrorWithAHint(String hook) {
        assertThat(after("live", hook)).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("cannot run the hook " + hook, "hint: correct hooks");
    }

    private int after(String profiles, String... hook) {
        return run(List.of(), profiles, hook);
    }

    private int run(List<String> options, String profiles, String... hook) {
        List<String> arguments = new ArrayList<>(List.of("after"));
        arguments.addAll(options);
        for (String profile : profiles.split(" ")) {
            arguments.add("--profile=" + profile);
        }
        arguments.addAll(List.of("--job", JOB, "--"));
        arguments.addAll(List.of(hook));
        Surroundings surroundings = new Surroundings(
                new ByteArrayInputStream(new byte[0]),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment,
                false,
                false);
        return WriterCommand.run(surroundings, arguments.toArray(String[]::new));
    }

    private RunJournal journal(String profile) {
        return new RunJournal(environment, RunKind.RESTORE, profile);
    }

    private static Header.Job job() {
        return new Header.Job(null, JOB, null);
    }

    private static void refuse() throws Failure {
        throw new Failure(ExitCode.TARGET, "no", "look");
    }

    private static void fail(ThrowingCallable run) {
        assertThatThrownBy(run).isInstanceOf(Failure.class);
    }
}
