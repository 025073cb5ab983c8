package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardTree;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SmallDisk;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Before an upgrade: a snapshot of files and database, and the way back, with the installed programs. */
@Timeout(180)
class SnapshotIT {
    @TempDir
    private Path folder;

    @AfterAll
    static void drop() {
        SavedApplication.drop();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void anUndoneUpgradeLeavesNothingBehind(String engine) throws IOException {
        SavedApplication cloud = new SavedApplication(folder, engine);
        String before = cloud.fingerprint();

        Installed.Answer made = cloud.makeSnapshot();
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out()).isEmpty();
        assertThat(made.err())
                .contains("bpipe-reader: snapshot " + cloud.snapshot + ": ", "and the database " + cloud.database())
                .contains("pre-backup: /bin/echo ended with status 0", "post-backup: /bin/echo ended with status 0");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cloud.snapshot)))
                .isEqualTo("rwx------");
        assertThat(AwkwardTree.fingerprint(cloud.snapshot.resolve("files" + cloud.data)))
                .isEqualTo(before);
        assertThat(Programs.run("du", "-sm", cloud.snapshot.toString()).orFail())
                .startsWith("1\t");
        assertThat(cloud.leftovers()).isEmpty();

        cloud.change();
        Files.writeString(cloud.data.resolve("cloud.log"), "later\n", StandardOpenOption.APPEND);
        assertThat(cloud.fingerprint()).isNotEqualTo(before);

        Installed.Answer undone = cloud.undo();
        assertThat(undone.status()).as(undone.err()).isZero();
        assertThat(undone.err())
                .contains("restored " + cloud.database())
                .contains("pre-restore: /bin/echo ended with status 0", "post-restore: /bin/echo ended with status 0");
        assertThat(cloud.fingerprint()).isEqualTo(before);
        assertThat(cloud.value()).isEqualTo("backup");
        assertThat(cloud.data.resolve("cloud.log")).hasContent("log\nlater\n");
        assertThat(cloud.data.resolve("alice/cache/c")).exists();
        String report =
                Installed.shell("$WRITER report --profile " + cloud.profile).text();
        assertThat(report).contains("restored " + cloud.database()).contains("  post-restore: /bin/echo");
    }

    @Test
    void filesShareTheirBlocksWhereTheFileSystemCan() throws IOException {
        try (SmallDisk disk = SmallDisk.sharingBlocks(400 << 20)) {
            SavedApplication cloud = new SavedApplication(disk.folder(), "sqlite");
            Path large = cloud.data.resolve("large");
            Programs.run("dd", "if=/dev/urandom", "of=" + large, "bs=1M", "count=100", "conv=fsync")
                    .orFail();
            disk.fillUpTo(60 << 20);
            Installed.Answer made = cloud.makeSnapshot();
            assertThat(made.status()).as(made.err()).isZero();

            Programs.run("dd", "if=/dev/urandom", "of=" + large, "bs=1M", "count=1", "conv=notrunc")
                    .orFail();
            Installed.Answer undone = cloud.undo();
            assertThat(undone.status()).as(undone.err()).isZero();
            assertThat(Programs.run("cmp", "" + large, cloud.snapshot + "/files" + large)
                            .status())
                    .isZero();
        }
    }

    @Test
    void whereNoSnapshotCanBeMadeIsSaidBeforeAnyHookRuns() throws IOException {
        SavedApplication cloud = new SavedApplication(folder, "sqlite");
        Files.createDirectory(cloud.snapshot);
        refused(cloud, cloud.snapshot, ExitCode.SNAPSHOT, cloud.snapshot + " exists");
        refused(
                cloud,
                cloud.data.resolve("alice/s"),
                ExitCode.SNAPSHOT,
                "is in " + cloud.data + ", which is saved itself");
        refused(cloud, cloud.folder.resolve("none/s"), ExitCode.SNAPSHOT, "no folder " + cloud.folder.resolve("none"));
        try (SmallDisk disk = SmallDisk.of(40 << 20)) {
            refused(cloud, disk.folder().resolve("s"), ExitCode.SPACE, "bytes, " + disk.folder() + " has ");
        }
        Path theirs = Files.createDirectory(cloud.folder.resolve("theirs"));
        Programs.run("chown", "www-data", theirs.toString()).orFail();
        refused(cloud, theirs.resolve("s"), ExitCode.USAGE, "belongs to www-data, who can change it");
        Files.createSymbolicLink(cloud.folder.resolve("link"), cloud.data);
        cloud.profile("[" + cloud.data, "[" + cloud.folder.resolve("link/alice"));
        refused(
                cloud,
                cloud.folder.resolve("s"),
                ExitCode.USAGE,
                "a symbolic link leads to " + cloud.folder.resolve("link/alice"));
    }

    private static void refused(SavedApplication cloud, Path target, ExitCode code, String message) {
        Installed.Answer answer =
                Installed.reader("snapshot", "--profile", cloud.profile.toString(), "--to", "" + target);
        assertThat(answer.err()).contains(message).contains("hint: ").doesNotContain("pre-backup");
        assertThat(answer.status()).isEqualTo(code.code());
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void whatChangesWhileItIsSavedMakesNoSnapshot() throws Exception {
        SavedApplication cloud = new SavedApplication(folder, "sqlite");
        String append = "echo ready; while echo later >> " + cloud.data.resolve("alice/files/first") + "; do :; done";
        Process application = new ProcessBuilder("sh", "-c", append).start();
        Installed.Answer made;
        try {
            assertThat(application.getInputStream().read()).isEqualTo('r');
            made = cloud.makeSnapshot();
        } finally {
            application.destroyForcibly().waitFor();
        }
        assertThat(made.status()).isEqualTo(ExitCode.SNAPSHOT.code());
        assertThat(made.err())
                .contains("the snapshot is not whole: ", "/alice/files/first ", "hint: ", "a preBackup hook")
                .contains("post-backup: /bin/echo ended with status 0");
        assertThat(cloud.snapshot).doesNotExist();
        assertThat(cloud.leftovers()).isEmpty();
    }

    @Test
    void aKilledSnapshotIsNoneAndTheNextOneTidiesUp() throws Exception {
        SavedApplication cloud = new SavedApplication(folder, "sqlite");
        Path fifo = BackgroundRun.fifo(folder);
        cloud.profile(
                "postBackup: [{command: [/bin/echo, after]}]", "postBackup: [{command: [/bin/cat, " + fifo + "]}]");
        BackgroundRun run =
                new BackgroundRun("$READER snapshot --profile " + cloud.profile + " --to " + cloud.snapshot, folder);
        // opened by the hook, when everything is copied
        OutputStream hook = Files.newOutputStream(fifo);
        assertThat(cloud.leftovers()).isNotEmpty();
        run.signal("KILL");
        run.await();
        hook.close();
        assertThat(cloud.snapshot).doesNotExist();
        cloud.profile("/bin/cat, " + fifo, "/bin/echo, after");
        Installed.Answer made = cloud.makeSnapshot();
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(cloud.leftovers()).isEmpty();
    }
}
