package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.ThrowawayCloud;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The installed programs are killed while they close or open an application; who opens it then is a process of theirs. The
 * tests wait for deadlines, each with an application of its own.
 */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class LeaseIT {
    private static final int LIMIT_SECONDS = 60;
    private static final int LONG = 3600;
    private static final String CLOSE = "[maintenance-mode, stop-services]";

    @TempDir
    private Path temporary;

    private Path folder;
    private ThrowawayCloud cloud;
    private FakeSystemd systemd;
    private Path profile;

    @BeforeEach
    void install() throws IOException {
        folder = temporary.toRealPath();
        cloud = new ThrowawayCloud(folder);
        systemd = new FakeSystemd(folder);
        profile = folder.resolve("cloud.yaml");
        systemd.unit("web", "active");
        systemd.unit("cron", "inactive");
        systemd.unit("push", "active");
        profile(LONG, CLOSE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            pre-backup  | config:system:set    | the mark
            pre-backup  | maintenance:mode     | the mode
            pre-backup  |                      | the services
            pre-restore | maintenance:mode     | the mode
            pre-restore |                      | the services
            post-backup | config:system:delete | the mark
            post-backup | maintenance:mode     | the mode
            """)
    void whoeverIsKilledTheDeadlineOpensIt(String point, String hangs, String at) throws IOException {
        profile(point.startsWith("post") ? 15 : 3, CLOSE);
        if (point.startsWith("post")) {
            assertThat(hook("pre-backup").status()).isZero();
        }
        if (hangs == null) {
            Files.createFile(systemd.file("push.stuck"));
        } else {
            cloud.trouble("hang", hangs);
        }
        Process process = begin(point);
        await(() -> hangs == null
                ? systemd.state("web").equals("inactive") && !stuck(process).isEmpty()
                : Files.exists(cloud.root().resolve("occ.hangs")));
        cloud.trouble(null, null);
        kill(process);

        await(this::isOver);
        assertThat(cloud.inMaintenance()).as("killed at " + at).isFalse();
        assertThat(cloud.setting("bpipe_lease")).isEmpty();
        assertThat(systemd.state("web")).isEqualTo("active");
        assertThat(systemd.state("push")).isEqualTo("active");
        assertThat(systemd.state("cron")).isEqualTo("inactive");
        if (point.endsWith("backup")) {
            Installed.Answer late = hook("post-backup");
            assertThat(late.status()).isEqualTo(ExitCode.HOOK.code());
            assertThat(late.err()).contains("the application was not closed until the end of the job: its deadline, ");
        }
    }

    @Test
    void anAdministratorsModeIsStillOnWhenTheDeadlineOfAKilledJobHasPassed() throws IOException {
        profile(3, CLOSE);
        cloud.occ("maintenance:mode", "--on");
        Files.createFile(systemd.file("push.stuck"));
        Process process = begin("pre-backup");
        await(() -> systemd.state("web").equals("inactive") && !stuck(process).isEmpty());
        kill(process);
        await(this::isOver);
        assertThat(systemd.state("web")).isEqualTo("active");
        assertThat(cloud.inMaintenance()).isTrue();
    }

    @Test
    void nobodyWatchesAnyMoreWhenTheJobIsOver() throws IOException {
        assertThat(hook("pre-backup").status()).isZero();
        assertThat(watchdogs()).isEqualTo(1);
        Installed.Answer after = hook("post-backup");
        assertThat(after.status()).as(after.err()).isZero();
        await(() -> watchdogs() == 0);
    }

    @Test
    void onlyServicesThatRanAreStartedAgain() throws IOException {
        assertThat(hook("pre-backup").text()).contains("stopped web", "cron was not running", "stopped push");
        assertThat(systemd.state("web")).isEqualTo("inactive");
        assertThat(hook("post-backup").text())
                .contains("started push", "started web")
                .doesNotContain("cron");
        assertThat(Files.readAllLines(systemd.file("log")))
                .containsExactly("stop web", "stop push", "start push", "start web");
    }

    @Test
    void aServiceThatDoesNotStopInTimeIsAnErrorAndTheStateIsRestored() throws IOException {
        profile(LONG, "[maintenance-mode, {step: stop-services, timeout: 4}]");
        Files.createFile(systemd.file("push.stuck"));
        Installed.Answer stuck = hook("pre-backup");
        assertThat(stuck.status()).isEqualTo(ExitCode.HOOK.code());
        assertThat(stuck.err())
                .contains("hook pre-backup: stop-services: systemctl stop push did not end within 4 s and was killed");
        assertThat(stuck.text()).contains("FAILED: stop-services", "started web", "maintenance mode is off");
        assertThat(systemd.state("web")).isEqualTo("active");
        assertThat(cloud.inMaintenance()).isFalse();
        assertThat(lease()).doesNotExist();
    }

    @Test
    void aUnitThatDoesNotExistIsNamed() throws IOException {
        Files.delete(systemd.file("cron"));
        assertThat(hook("pre-backup").err())
                .contains("stop-services: there is no unit cron", "hint: correct application.services");
        assertThat(systemd.state("web")).isEqualTo("active");
        assertThat(cloud.inMaintenance()).isFalse();
    }

    @Test
    void releaseOpensAllThatIsExpiredOrWhatIsNamed() throws IOException {
        profile(1, "[{step: stop-services}]");
        assertThat(hook("pre-backup").status()).isZero();
        await(() -> Installed.run(Installed.READER, new byte[0], environment(), "release", "--expired")
                                .status()
                        == 0
                && systemd.state("web").equals("active"));
        Installed.Answer nothing = release("--profile=" + profile);
        assertThat(nothing.text()).contains("cloud: no job has closed it");
        assertThat(release().err()).contains("error: no profile named", "hint: give --profile NAME, or --expired");
    }

    /** The lease has ended and holds nothing any more. */
    private boolean isOver() throws IOException {
        String lease = Files.readString(lease());
        return lease.contains("\"ended\"") && lease.contains("\"services\" : [ ]") && !lease.contains("\"before\"");
    }

    private int watchdogs() {
        return (int) ProcessHandle.allProcesses()
                .filter(handle -> handle.info().arguments().stream()
                        .flatMap(Arrays::stream)
                        .anyMatch(word -> word.equals(profile.toString())))
                .filter(handle -> handle.info().command().orElse("").endsWith("sh"))
                .count();
    }

    /** By SIGKILL; then what it was waiting for, too, which nobody would end. */
    private static void kill(Process process) {
        List<ProcessHandle> left = stuck(process);
        process.destroyForcibly();
        left.forEach(ProcessHandle::destroyForcibly);
    }

    /** The occ or the systemctl that hangs; not the one that watches the deadline. */
    private static List<ProcessHandle> stuck(Process process) {
        return process.descendants()
                .filter(child -> Stream.of(child.info().arguments().orElse(new String[0]))
                        .anyMatch(word -> word.endsWith("/occ") || word.equals("600")))
                .toList();
    }

    private Process begin(String point) throws IOException {
        return Installed.start(
                point.endsWith("backup") ? Installed.READER : Installed.WRITER,
                new File("/dev/null"),
                folder.resolve("out").toFile(),
                folder.resolve("err").toFile(),
                environment(),
                "hook",
                point,
                "--profile=" + profile,
                "--job=7");
    }

    private Installed.Answer hook(String point) {
        return Installed.run(
                Installed.READER, new byte[0], environment(), "hook", point, "--profile=" + profile, "--job=7");
    }

    private Installed.Answer release(String... options) {
        return Installed.run(
                Installed.READER,
                new byte[0],
                environment(),
                Stream.concat(Stream.of("release"), Stream.of(options)).toArray(String[]::new));
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", systemd.folder() + ":" + System.getenv("PATH"));
        environment.put(RunFolder.VARIABLE, folder.resolve("state").toString());
        return environment;
    }

    private Path lease() {
        return folder.resolve("state/cloud/lease.json");
    }

    private void profile(int closedAtMost, String close) throws IOException {
        Files.writeString(
                profile,
                "engine: sqlite\ndatabase: /srv/x.db\n"
                        + cloud.section("  services: [web, cron, push]\n  closedAtMost: " + closedAtMost + "\n")
                        + "hooks: {preBackup: " + close + ", preRestore: " + close
                        + ", postBackup: [start-services, maintenance-mode]}\n");
    }

    private static void await(Callable<Boolean> condition) {
        Instant limit = Instant.now().plusSeconds(LIMIT_SECONDS);
        try {
            while (!condition.call()) {
                assertThat(Instant.now()).as("the time that this may take").isBefore(limit);
                TimeUnit.MILLISECONDS.sleep(20);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
