package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.RealDaemon;
import io.github.bpipe.testkit.ThrowawayCloud;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole application, saved under load and restored with one command, through real daemons. */
@Timeout(420)
class CloudIT {
    private static final String DATABASE = "cloud_it";
    private static final String COPY = "cloud_it_copy";
    private static final int LIMIT_SECONDS = 60;

    @TempDir
    private Path temporary;

    private Path folder;
    private ThrowawayMariaDb server;
    private ThrowawayCloud cloud;
    private FakeSystemd systemd;
    private RealDaemon daemon;
    private Path spoil;

    @BeforeEach
    void install() throws IOException {
        folder = temporary.toRealPath();
        server = ThrowawayMariaDb.shared();
        cloud = new ThrowawayCloud(folder);
        systemd = new FakeSystemd(folder);
        spoil = folder.resolve("spoil");
        Installed.script(spoil, "true");
        for (Path program : new Path[] {Installed.READER, Installed.WRITER}) {
            Installed.script(
                    folder.resolve(program.getFileName()),
                    "PATH=" + systemd.folder() + ":$PATH " + RunFolder.VARIABLE + "=" + folder + "/state exec "
                            + program + " \"$@\"");
        }
        Path profile = Files.writeString(
                folder.resolve("cloud.yaml"),
                """
                engine: mariadb
                database: %1$s
                connection: {socket: %2$s, user: root}
                files: {include: [%3$s/config, %3$s/data], exclude: [%3$s/data/cloud.log]}
                bareos: {programs: %4$s, where: %4$s/elsewhere}
                hooks:
                  preBackup: [maintenance-mode, stop-services]
                  postBackup: [start-services, maintenance-mode]
                  preRestore: [maintenance-mode, stop-services, {command: [%4$s/spoil]}]
                  postRestore: [extraneous-files, permissions, data-fingerprint, start-services, maintenance-mode, files-scan]
                """.formatted(DATABASE, server.socket(), cloud.root(), folder) + cloud.section("  services: [web]\n"));
        daemon = RealDaemon.start();
        daemon.configure(Installed.generateForBacula(folder.resolve("etc"), "cloud", profile));
    }

    @AfterEach
    void stop() {
        daemon.close();
        for (String name : new String[] {DATABASE, COPY, DATABASE + "__bpipe_old"}) {
            server.sql("", "DROP DATABASE IF EXISTS `" + name + "`");
        }
    }

    @Test
    void filesAndRowsOfABusyApplicationBelongTogetherAfterEachRestore() throws IOException {
        RealDaemon.Job backup;
        try (BusyCloud busy = new BusyCloud(cloud, server, DATABASE, systemd)) {
            busy.start();
            await(() -> busy.written() > 20);
            backup = daemon.run("run job=cloud-backup level=Full yes");
            int atTheEnd = busy.written();
            await(() -> busy.written() > atTheEnd + 10);
        }
        assertThat(backup.status()).as(backup.log()).isIn('T', 'W');
        assertThat(backup.log())
                .containsSubsequence(
                        "maintenance mode is on, until ", "stopped web", "started web", "maintenance mode is off");
        assertThat(cloud.inMaintenance()).isFalse();
        Path live = cloud.data().resolve("alice/files");
        Set<String> later = BusyCloud.files(live);

        RealDaemon.Job copy = daemon.restore("cloud", "restorejob=cloud-restore-copy");
        assertThat(copy.status()).as(copy.log()).isIn('T', 'W');
        Path elsewhere = folder.resolve("elsewhere/cloud");
        Set<String> saved = BusyCloud.files(elsewhere.resolve(live.toString().substring(1)));
        Installed.Answer loaded = Installed.writer(
                Files.readAllBytes(elsewhere.resolve(DATABASE + ".sql.zst")),
                "--socket=" + server.socket(),
                "--user=root",
                "--into=" + COPY);
        assertThat(loaded.status()).as(loaded.err()).isZero();
        assertThat(saved).hasSizeGreaterThan(20).isEqualTo(BusyCloud.rows(server, COPY));
        assertThat(later).as("written after the backup").hasSizeGreaterThan(saved.size());
        assertThat(BusyCloud.files(live)).isEqualTo(later);

        Files.delete(live.resolve("file-3"));
        Programs.run("chown", "0:0", live.resolve("file-4").toString());
        RealDaemon.Job restore = daemon.restore("cloud", "restorejob=cloud-restore");
        assertThat(restore.status()).as(restore.log()).isIn('T', 'W');
        assertThat(restore.log())
                .containsSubsequence(
                        "maintenance mode is on, until ",
                        "stopped web",
                        "extraneous-files: " + (later.size() - saved.size()) + " of ",
                        "permissions: ",
                        "occ maintenance:data-fingerprint",
                        "started web",
                        "maintenance mode is off",
                        "files-scan left out");
        assertThat(BusyCloud.rows(server, DATABASE)).isEqualTo(saved);
        assertThat(BusyCloud.files(live)).as("nothing is removed unasked").isEqualTo(later);
        assertThat(cloud.inMaintenance()).isFalse();
        assertThat(cloud.setting("bpipe_lease")).isEmpty();
        assertThat(Files.getOwner(live.resolve("file-4"), LinkOption.NOFOLLOW_LINKS)
                        .getName())
                .isEqualTo(ThrowawayCloud.USER);

        Installed.Answer listed = extraneous();
        assertThat(listed.text().lines())
                .hasSize(later.size() - saved.size())
                .allMatch(line -> line.startsWith(live + "/"));
        Installed.Answer removed = extraneous("--remove");
        assertThat(removed.status()).as(removed.err()).isZero();
        assertThat(BusyCloud.files(live)).isEqualTo(saved);
    }

    @Test
    void aRestoreThatFailsInTheMiddleStaysClosedUntilOneEndsWell() throws IOException {
        BusyCloud idle = new BusyCloud(cloud, server, DATABASE, systemd);
        Files.delete(systemd.file("web.waits"));
        Files.writeString(idle.folder().resolve("a"), "a");
        server.sql(DATABASE, "INSERT INTO oc_files VALUES ('a')");
        RealDaemon.Job backup = daemon.run("run job=cloud-backup level=Full yes");
        assertThat(backup.status()).as(backup.log()).isIn('T', 'W');

        String former = DATABASE + "__bpipe_old";
        Installed.script(
                spoil,
                "mariadb --no-defaults --socket=" + server.socket() + " --user=root -e 'CREATE DATABASE " + former
                        + "; CREATE TABLE " + former + ".mine (i int)'");
        RealDaemon.Job failed = daemon.restore("cloud", "restorejob=cloud-restore");
        assertThat(failed.status()).as(failed.log()).isIn('E', 'f');
        assertThat(failed.log())
                .contains(
                        "permissions left out: the restore failed",
                        "the restore failed; maintenance mode stays on on purpose")
                .doesNotContain("maintenance mode is off", "started web");
        assertThat(cloud.inMaintenance()).isTrue();
        assertThat(systemd.state("web")).isEqualTo("inactive");

        RealDaemon.Job refused = daemon.run("run job=cloud-backup level=Full yes");
        assertThat(refused.status()).as(refused.log()).isIn('E', 'f');
        assertThat(refused.log()).contains("a restore of job " + failed.id() + " has not ended well");

        server.sql("", "DROP DATABASE " + former);
        Installed.script(spoil, "true");
        RealDaemon.Job good = daemon.restore("cloud", "restorejob=cloud-restore");
        assertThat(good.status()).as(good.log()).isIn('T', 'W');
        assertThat(good.log()).contains("still closed by the restore of job " + failed.id() + ": taken over");
        assertThat(cloud.inMaintenance()).isFalse();
        assertThat(systemd.state("web")).isEqualTo("active");
        assertThat(BusyCloud.rows(server, DATABASE)).containsExactly("a");
    }

    private Installed.Answer extraneous(String... options) {
        return Installed.run(
                Installed.WRITER,
                new byte[0],
                Map.of(RunFolder.VARIABLE, folder + "/state"),
                Stream.concat(Stream.of("extraneous", "--profile=" + folder + "/cloud.yaml"), Stream.of(options))
                        .toArray(String[]::new));
    }

    private static void await(BooleanSupplier condition) {
        Instant limit = Instant.now().plusSeconds(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("the time that this may take").isBefore(limit);
            Thread.onSpinWait();
        }
    }
}
