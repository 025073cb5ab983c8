package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.RealDaemon;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real daemons prove by themselves that the newest backup restores, with the configuration that bareos-config makes. */
@Timeout(300)
class DrillDaemonIT {
    private static final Pattern STARTED = Pattern.compile("JobId=(\\d+)");

    @TempDir
    private static Path folder;

    private static RealDaemon daemon;
    private static DrillBench bench;

    @BeforeAll
    static void makeApplication() throws IOException {
        daemon = RealDaemon.start();
        bench = new DrillBench(folder);
        for (String engine : DrillBench.ENGINES) {
            Path profile = folder.resolve(engine + ".yaml");
            Files.writeString(
                    profile,
                    Files.readString(profile)
                            + "  schedule: sun at 05:30\nfiles: {include: [%1$s/live]}\nbareos: {programs: %1$s, where: %1$s/elsewhere}\n"
                                    .formatted(folder));
        }
        for (Path program : List.of(Installed.READER, Installed.WRITER)) {
            Installed.script(
                    folder.resolve(program.getFileName()),
                    RunFolder.VARIABLE + "=" + folder + "/state exec " + program + " \"$@\"");
        }
        Path etc = folder.resolve("etc");
        String includes = Installed.generateForBacula(
                etc,
                "shop",
                DrillBench.ENGINES.stream()
                        .map(engine -> folder.resolve(engine + ".yaml"))
                        .toArray(Path[]::new));
        // the director of the test has its console's settings in a place of its own
        Path start = etc.resolve("bacula-dir.d/job/shop-drill-start.conf");
        Files.writeString(
                start,
                Files.readString(start)
                        .replace("| bconsole |", "| bconsole -n -c " + daemon.folder() + "/console.conf |"));
        daemon.configure(includes);
        RealDaemon.Job backup = daemon.run("run job=shop-backup level=Full yes");
        assertThat(backup.status()).as(backup.log()).isIn('T', 'W');
    }

    @AfterAll
    static void stop() throws IOException {
        daemon.close();
        bench.drop();
    }

    @Test
    void theAdminJobDrillsTheNewestBackupAndTouchesNothing() throws IOException {
        List<Object> live = bench.live();
        RealDaemon.Job drill = drill();
        assertThat(drill.status()).as(drill.log()).isIn('T', 'W');
        for (String engine : DrillBench.ENGINES) {
            assertThat(drill.log())
                    .contains("bpipe-writer " + engine + ": a drill of ")
                    .contains("bpipe-writer " + engine + ": PROVEN by a drill: ");
            assertThat(bench.report(engine, "drill.html")).isNotEmptyFile();
        }
        assertThat(drill.log())
                .contains("own checks that were answered as expected: 1")
                .doesNotContain("FAILED", "restored ");
        assertThat(bench.left()).isEmpty();
        assertThat(bench.live()).isEqualTo(live);
        // only the streams were restored, and none of the files
        assertThat(Path.of("/bpipe")).doesNotExist();
    }

    @Test
    void aBackupThatIsNotProvenFailsTheJob() throws IOException {
        Path profile = folder.resolve("postgresql.yaml");
        String right = Files.readString(profile);
        Files.writeString(profile, right.replace("expect: 42", "expect: 41"));
        RealDaemon.Job drill = drill();
        Files.writeString(profile, right);
        assertThat(drill.status()).as(drill.log()).isIn('E', 'f');
        assertThat(drill.log())
                .contains("bpipe-writer postgresql: the drill FAILED: 1 of 1 checks failed: ")
                .contains("returned non-zero status=" + ExitCode.DRILL_CHECK.code())
                .contains("bpipe-writer sqlite: PROVEN by a drill: ");
        assertThat(bench.left()).isEmpty();
    }

    @Test
    void generatedDrillsHaveNothingThatLintFinds() {
        Installed.Answer lint = Installed.run(
                Installed.CONFIG,
                new byte[0],
                bench.environment(),
                Stream.of("lint", folder.resolve("etc/bacula-dir.d").toString()).toArray(String[]::new));
        assertThat(lint.status()).as(lint.text()).isZero();
        assertThat(lint.text()).doesNotContain("drill");
    }

    /** Runs the Admin job as its schedule does, and waits for the drill that it has started. */
    private static RealDaemon.Job drill() {
        RealDaemon.Job admin = daemon.run("run job=shop-drill-start yes");
        assertThat(admin.status()).as(admin.log()).isEqualTo('T');
        Matcher started = STARTED.matcher(admin.log());
        assertThat(started.find()).as(admin.log()).isTrue();
        return daemon.await(Long.parseLong(started.group(1)));
    }
}
