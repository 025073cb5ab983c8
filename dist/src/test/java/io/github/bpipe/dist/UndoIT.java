package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardTree;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can go wrong on the way back from a snapshot, with the installed programs. */
@Timeout(180)
class UndoIT {
    @TempDir
    private Path folder;

    @AfterAll
    static void drop() {
        SavedApplication.drop();
    }

    @Test
    void aSnapshotThatIsNotWholeIsRefusedBeforeAnythingIsTouched() throws IOException {
        SavedApplication cloud = new SavedApplication(folder, "sqlite");
        assertThat(cloud.makeSnapshot().status()).isZero();
        cloud.change();
        String live = AwkwardTree.fingerprint(cloud.data);
        Path files = cloud.snapshot.resolve("files" + cloud.data + "/alice/files");
        Path manifest = cloud.snapshot.resolve("manifest.jsonl");
        Path stream = cloud.snapshot.resolve("database.zst");

        refusedWhile(
                cloud, "printf X | dd conv=notrunc of='F' status=none; touch -r nothing 'F'", files.resolve("first"));
        refusedWhile(cloud, "chmod 0755 'F'", files.resolve("first"));
        refusedWhile(cloud, "echo more > 'F'/added", files.resolve("empty"));
        refusedWhile(cloud, "rm -r 'F'", files.resolve("cache"));
        refusedWhile(cloud, "ln -sfn /etc/shadow 'F'", files.resolve("outside"));
        refusedWhile(cloud, "sed -i '$d' 'F'", manifest);
        refusedWhile(cloud, "sed -i '3d' 'F'", manifest);
        refusedWhile(cloud, "truncate -s -1 'F'", stream);
        assertThat(AwkwardTree.fingerprint(cloud.data)).isEqualTo(live);
        assertThat(cloud.undo().status()).isZero();
    }

    private static void refusedWhile(SavedApplication cloud, String damage, Path file) throws IOException {
        Path good = cloud.folder.resolve("good");
        Programs.run("cp", "-a", cloud.snapshot.toString(), good.toString()).orFail();
        Installed.shell("cd '" + file.getParent() + "'; " + damage.replace("F", file.toString()));
        Installed.Answer refused = cloud.undo();
        assertThat(refused.status())
                .as(damage + " " + refused.err())
                .isIn(ExitCode.SNAPSHOT.code(), ExitCode.TRUNCATED_STREAM.code(), ExitCode.DAMAGED_STREAM.code());
        assertThat(refused.err()).contains("hint: ").doesNotContain("half");
        Programs.run("rm", "-r", cloud.snapshot.toString()).orFail();
        Files.move(good, cloud.snapshot);
    }

    @Test
    void tablesThatARestoreHasKeptOutliveAnUndo() throws IOException {
        SavedApplication cloud = new SavedApplication(folder, "sqlite");
        assertThat(cloud.makeSnapshot().status()).isZero();
        Path kept = Files.writeString(Path.of(cloud.database() + ".bpipe-old-tables"), "kept");
        assertThat(cloud.undo().status()).isZero();
        assertThat(kept).hasContent("kept");
    }

    @Test
    void anUndoThatWasKilledIsCompletedByTheSameAgain() throws Exception {
        SavedApplication cloud = new SavedApplication(folder, "sqlite");
        String before = cloud.fingerprint();
        assertThat(cloud.makeSnapshot().status()).isZero();
        cloud.change();
        // holds the database, so that the undo stands between files and database
        Process holder = new ProcessBuilder("sqlite3", cloud.database()).start();
        try (var statements = holder.getOutputStream()) {
            statements.write("BEGIN IMMEDIATE; SELECT 1;\n".getBytes(StandardCharsets.US_ASCII));
            statements.flush();
            assertThat(holder.getInputStream().read()).isEqualTo('1');
            BackgroundRun run =
                    new BackgroundRun("$WRITER undo --profile " + cloud.profile + " --from " + cloud.snapshot, folder);
            Path last = cloud.data.resolve("alice/files/second");
            await(() -> Files.exists(last) && Files.size(last) == "linked".length());
            run.signal("KILL");
            run.await();
        }
        holder.waitFor();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(cloud.data)))
                .isEqualTo("rwx------");
        assertThat(Files.getOwner(cloud.data).getName()).isEqualTo("root");

        Installed.Answer again = cloud.undo();
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(cloud.fingerprint()).isEqualTo(before);
        assertThat(cloud.value()).isEqualTo("backup");
        assertThat(cloud.snapshot.resolve("undo")).doesNotExist();
    }

    @Test
    void nothingIsFollowedOutOfTheFolderWhileItsOwnerExchangesNames() throws Exception {
        SavedApplication cloud = new SavedApplication(folder, "sqlite");
        assertThat(cloud.makeSnapshot().status()).isZero();
        Path victim = Files.createDirectories(cloud.folder.resolve("victim/deep"));
        Files.writeString(victim.resolve("file"), "precious");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        cloud.change();
        Programs.run("chown", "-R", "www-data", cloud.data.toString()).orFail();
        Path files = cloud.data.resolve("alice/files");
        String exchange = "cd " + files + " && echo ready && while mv extra x; do ln -s " + victim.getParent()
                + " extra; rm extra; mv x extra; done";
        Process attacker = new ProcessBuilder(
                        "setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "sh", "-c", exchange)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(attacker.getInputStream().read()).isEqualTo('r');
            Installed.Answer undone = cloud.undo();
            assertThat(undone.status()).as(undone.err()).isZero();
        } finally {
            attacker.destroyForcibly().waitFor();
        }
        assertThat(victim.resolve("file")).hasContent("precious");
        assertThat(Files.getOwner(victim).getName()).isEqualTo("root");
        assertThat(Files.exists(files.resolve("extra"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        Instant limit = Instant.now().plus(Duration.ofMinutes(1));
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(limit);
            Thread.sleep(5);
        }
    }
}
