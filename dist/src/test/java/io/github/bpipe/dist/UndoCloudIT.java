package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.AwkwardTree;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayCloud;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A snapshot of a whole application and the way back, between the steps that {@code bareos-config init} writes. */
@Timeout(180)
class UndoCloudIT {
    private static final String DATABASE = "undo_cloud_it";
    /** The status that a Java program ends with after that signal. */
    private static final int SIGTERM_STATUS = 128 + 15;

    private static final String FORMER = DATABASE + "__bpipe_old";
    /** What the profile leaves out, and what the application's occ writes when it opens or closes it. */
    private static final String[] SAVED = {
        "!",
        "-path",
        "./data/alice/cache*",
        "!",
        "-path",
        "./config",
        "!",
        "-path",
        "./config/config.php",
        "!",
        "-name",
        "occ.log"
    };

    private static final ThrowawayMariaDb SERVER = ThrowawayMariaDb.shared();

    @TempDir
    private Path temporary;

    private Path folder;
    private ThrowawayCloud cloud;
    private Path profile;
    private Path snapshot;
    private Path hook;

    @BeforeEach
    void install() throws IOException {
        folder = temporary.toRealPath();
        drop();
        SERVER.sql("", "CREATE DATABASE " + DATABASE);
        SERVER.sql(DATABASE, "CREATE TABLE oc_t (v varchar(10) PRIMARY KEY); INSERT INTO oc_t VALUES ('backup')");
        cloud = new ThrowawayCloud(folder);
        AwkwardTree.make(cloud.data());
        cloud.configure("'version' => '31.0.3.2', 'dbtype' => 'mysql', 'dbhost' => 'localhost:" + SERVER.socket()
                + "', 'dbname' => '" + DATABASE + "', 'dbuser' => 'oc', 'dbtableprefix' => 'oc_'");
        // modes and owners that the step permissions would change
        Programs.run(
                        "chown",
                        "root:games",
                        cloud.data().resolve("alice/files/sparse").toString())
                .orFail();
        Programs.run("chmod", "4711", cloud.data().resolve("alice/files/first").toString())
                .orFail();
        cloud.occ("maintenance:mode", "--off");
        profile = folder.resolve("cloud.yaml");
        snapshot = folder.resolve("before-upgrade");
        hook = folder.resolve("hook");
        Installed.Answer init = Installed.run(
                Installed.CONFIG, new byte[0], Map.of(), "init", cloud.root().toString(), "--profile=" + profile);
        assertThat(init.status()).as(init.err()).isZero();
    }

    @AfterEach
    void drop() {
        for (String name : new String[] {DATABASE, FORMER}) {
            SERVER.sql("", "DROP DATABASE IF EXISTS " + name);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anUndoneUpgradeLeavesNothingBehindButTheAdministratorsMaintenanceMode(boolean closed) throws IOException {
        String before = fingerprint();
        makeSnapshot();
        assertOpen();
        upgrade();
        if (closed) {
            cloud.occ("maintenance:mode", "--on");
        }

        Installed.Answer undone = undo();
        assertThat(undone.status()).as(undone.err()).isZero();
        assertThat(undone.err())
                .contains("extraneous-files left out: the undo has brought everything back")
                .contains("permissions left out: the undo has brought everything back")
                .contains("files-scan left out: the undo has brought everything back")
                .contains("occ maintenance:data-fingerprint")
                .doesNotContain("FAILED");
        assertThat(fingerprint()).isEqualTo(before);
        assertThat(value()).isEqualTo("backup");
        assertThat(cloud.inMaintenance()).isEqualTo(closed);
        assertUnleased();
    }

    @Test
    void anUndoThatFailsInItsMiddleStaysClosedUntilTheSameAgainCompletesIt() throws IOException {
        String before = fingerprint();
        makeSnapshot();
        upgrade();
        Installed.script(
                hook,
                "mariadb --no-defaults --socket=" + SERVER.socket() + " --user=root -e 'CREATE DATABASE " + FORMER
                        + "; CREATE TABLE " + FORMER + ".mine (i int)'");
        addHook("preRestore");

        Installed.Answer failed = undo();
        assertThat(failed.status()).as(failed.err()).isNotZero();
        assertThat(failed.err())
                .contains("the application is half brought back and stays closed", "run the same undo again")
                .contains("FAILED: maintenance-mode: the restore failed; maintenance mode stays on on purpose")
                .contains("permissions left out: the restore failed")
                .doesNotContain("maintenance mode is off");
        assertThat(cloud.inMaintenance()).isTrue();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cloud.data())))
                .isEqualTo("rwx------");
        assertThat(lease()).content().contains("\"kept\" : \"the restore failed\"");
        Installed.Answer refused = run(Installed.READER, "hook", "pre-backup", "--profile=" + profile);
        assertThat(refused.status()).isEqualTo(ExitCode.HOOK.code());
        assertThat(refused.err()).contains("a restore has not ended well, and has left the application closed");

        SERVER.sql("", "DROP DATABASE " + FORMER);
        Installed.script(hook, "true");
        Installed.Answer again = undo();
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(again.err())
                .contains("still closed by the restore: taken over", "maintenance mode is off")
                .doesNotContain("warning: going on");
        assertThat(fingerprint()).isEqualTo(before);
        assertThat(value()).isEqualTo("backup");
        assertOpen();
    }

    @Test
    void anUndoThatASignalEndsInItsMiddleStaysClosedOnPurpose() throws Exception {
        String before = fingerprint();
        makeSnapshot();
        upgrade();
        Installed.script(hook, "head -c 1 " + BackgroundRun.fifo(folder));
        addHook("preRestore");
        BackgroundRun run = begin("$WRITER undo --profile=" + profile + " --from=" + snapshot);
        // files are back, and the switch waits for whoever reads the table
        LockedTable.meets(SERVER, DATABASE + ".oc_t READ", folder.resolve("fifo"), run, () -> run.signal("TERM"));
        assertThat(run.await()).isEqualTo(SIGTERM_STATUS);
        assertThat(run.stderr())
                .contains("was ended by a signal", "half brought back and stays closed")
                .contains("maintenance mode stays on on purpose");
        assertThat(lease()).content().contains("\"kept\" : \"the restore failed\"");

        Installed.script(hook, "true");
        Installed.Answer again = undo();
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(fingerprint()).isEqualTo(before);
        assertThat(value()).isEqualTo("backup");
        assertOpen();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hook", "dump", "files"})
    void aSnapshotThatASignalEndsOpensTheApplication(String stage) throws Exception {
        Path fifo = BackgroundRun.fifo(folder);
        Path bin = Files.createDirectory(folder.resolve("bin"));
        if (stage.equals("files")) {
            Installed.script(
                    bin.resolve("cp"),
                    "case \"$*\" in *--parents*) head -c 1 " + fifo + "; esac; exec " + Programs.find("cp", "coreutils")
                            + " \"$@\"");
        } else {
            Installed.script(hook, "head -c 1 " + fifo);
            addHook("preBackup");
        }
        BackgroundRun run = begin("PATH=" + bin + ":$PATH $READER snapshot --profile=" + profile + " --to=" + snapshot);
        if (stage.equals("dump")) {
            LockedTable.meets(SERVER, DATABASE + ".oc_t WRITE", folder.resolve("fifo"), run, () -> endWhileClosed(run));
        } else {
            OutputStream waits = Files.newOutputStream(fifo);
            endWhileClosed(run);
            assertThatIOException().as("nobody waits any more").isThrownBy(() -> waits.write('\n'));
            waits.close();
        }
        assertThat(run.stderr()).contains("was ended by a signal", "post-backup: maintenance mode is off");
        assertOpen();
        assertThat(snapshot).doesNotExist();
        assertThat(leftovers()).isZero();

        Installed.script(hook, "true");
        makeSnapshot();
    }

    private void endWhileClosed(BackgroundRun run) {
        assertThat(cloud.inMaintenance()).isTrue();
        run.signal("TERM");
        assertThat(run.await()).isEqualTo(SIGTERM_STATUS);
    }

    private void makeSnapshot() {
        Installed.Answer made = run(Installed.READER, "snapshot", "--profile=" + profile, "--to=" + snapshot);
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.err()).contains("pre-backup: maintenance mode is on", "post-backup: maintenance mode is off");
    }

    private Installed.Answer undo() {
        return run(Installed.WRITER, "undo", "--profile=" + profile, "--from=" + snapshot);
    }

    private void upgrade() {
        AwkwardTree.change(cloud.data());
        SERVER.sql(DATABASE, "UPDATE oc_t SET v = 'later'");
    }

    private String fingerprint() {
        return AwkwardTree.fingerprint(cloud.root(), SAVED);
    }

    private String value() {
        return SERVER.sql(DATABASE, "SELECT v FROM oc_t").strip();
    }

    /** Behind maintenance-mode, which init has written there alone. */
    private void addHook(String point) throws IOException {
        String written = Files.readString(profile);
        String step = "  " + point + ":\n    - maintenance-mode\n";
        String more = written.replace(step, step + "    - {command: [" + hook + "]}\n");
        assertThat(more).isNotEqualTo(written);
        Files.writeString(profile, more);
    }

    private BackgroundRun begin(String command) throws IOException {
        return new BackgroundRun("env " + RunFolder.VARIABLE + "=" + state() + " " + command, folder);
    }

    private Installed.Answer run(Path program, String... arguments) {
        return Installed.run(program, new byte[0], Map.of(RunFolder.VARIABLE, state().toString()), arguments);
    }

    private Path state() {
        return folder.resolve("state");
    }

    private Path lease() {
        return state().resolve("cloud/lease.json");
    }

    private void assertOpen() {
        assertThat(cloud.inMaintenance()).isFalse();
        assertUnleased();
    }

    private void assertUnleased() {
        assertThat(cloud.setting("bpipe_lease")).isEmpty();
        assertThat(lease()).doesNotExist();
    }

    /** What is left of snapshots that did not become complete. */
    private long leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".before-upgrade"))
                    .count();
        }
    }
}
