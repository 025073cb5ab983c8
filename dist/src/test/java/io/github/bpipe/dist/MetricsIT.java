package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The history of a profile, and what monitoring is told of it. */
@Timeout(120)
class MetricsIT {
    @TempDir
    private Path folder;

    private Path live;
    private Path metrics;

    @BeforeEach
    void profile() throws IOException {
        live = folder.resolve("app.db");
        metrics = folder.resolve("app.prom");
        Programs.run("sqlite3", live.toString(), "CREATE TABLE t (i int); INSERT INTO t VALUES (1), (2)")
                .orFail();
        Files.writeString(
                folder.resolve("app.yaml"), "engine: sqlite\ndatabase: " + live + "\nmetrics: " + metrics + "\n");
    }

    @Test
    void everyRunIsToldAlsoOneThatFailsAndShownInTheHistory() throws IOException {
        assertThat(run("umask 077; $READER --profile app > " + folder + "/stream")
                        .status())
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(metrics)))
                .isEqualTo("rw-r--r--");
        assertThat(metrics)
                .content()
                .contains("bpipe_last_exit_code{profile=\"app\",kind=\"dump\"} 0\n")
                .contains("bpipe_last_success_rows{profile=\"app\",kind=\"dump\"} 2\n")
                .doesNotContain("proven", "restore");

        assertThat(run("$WRITER --profile app < " + folder + "/stream").status())
                .isZero();
        assertThat(metrics)
                .content()
                .contains("bpipe_last_exit_code{profile=\"app\",kind=\"restore\"} 0\n")
                .contains("bpipe_last_proven_restorable_timestamp_seconds{profile=\"app\"} ");

        Files.move(live, folder.resolve("away.db"));
        Path named = folder.resolve("named.prom");
        Installed.Answer failed = run("$READER check --profile app --metrics " + named);
        assertThat(failed.status()).isEqualTo(ExitCode.NO_DATABASE.code());
        assertThat(named).content().contains("bpipe_last_exit_code{profile=\"app\",kind=\"dump\"} 12\n");

        Installed.Answer history = run("$READER report --profile app --history");
        assertThat(history.status()).isZero();
        assertThat(history.text().lines().skip(1).map(line -> line.replaceAll("^\\S+ \\S+ +", "")))
                .anyMatch(line -> line.matches("dump +- +good .*"))
                .anyMatch(line -> line.matches("restore +- +good .*"))
                .anyMatch(line -> line.matches("dump +- +check failed \\(12\\).*"));
        assertThat(run("$WRITER report --profile app --history").text()).isEqualTo(history.text());
        String terminal = run("script -qec '$READER report --profile app --history' /dev/null")
                .text();
        assertThat(terminal).contains("\u001b[31m");
        assertThat(run("NO_COLOR=1 script -qec '$READER report --profile app --history' /dev/null")
                        .text())
                .doesNotContain("\u001b")
                .contains("check failed");
    }

    @Test
    void whatCannotBeToldIsAWarningAndNobodysHistoryAnError() {
        Installed.Answer nowhere =
                run("$READER --profile app --metrics " + folder + "/none/app.prom > " + folder + "/stream");
        assertThat(nowhere.status()).isZero();
        assertThat(nowhere.err()).contains("warning: the metrics are not written: cannot create ");
        Installed.Answer nobody = run("$READER report --profile other --history");
        assertThat(nobody.status()).isEqualTo(ExitCode.NO_RUN.code());
        assertThat(nobody.err()).contains("no run of the profile other is recorded", "hint: ");
        Installed.Answer unnamed = run("$WRITER --metrics " + metrics + " < /dev/null");
        assertThat(unnamed.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(unnamed.err()).contains("hint: give --profile");
    }

    private Installed.Answer run(String command) {
        return Installed.shell(
                "export BPIPE_CONFIG_DIR=" + folder + " BPIPE_STATE_DIR=" + folder + "/state; " + command);
    }
}
