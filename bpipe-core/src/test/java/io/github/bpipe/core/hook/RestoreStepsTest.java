package io.github.bpipe.core.hook;

import static io.github.bpipe.core.hook.HookPoint.POST_RESTORE;
import static io.github.bpipe.core.hook.HookPoint.PRE_RESTORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.file.ExtraneousFiles.Entry;
import io.github.bpipe.core.file.ExtraneousList;
import io.github.bpipe.core.job.RestoreOutcome;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Trailer;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done with a restored application. */
class RestoreStepsTest {
    private static final String FINGERPRINT = "maintenance:data-fingerprint";
    private static final String SCAN = "files:scan --all";

    @TempDir
    private Path folder;

    private CloudHooks hooks;

    @BeforeEach
    void install() throws IOException {
        hooks = new CloudHooks(folder);
    }

    @Test
    void clientsAreToldOfABackupThatIsOlderThanWhatTheyHaveSeen() throws IOException {
        restored(
                "1",
                Instant.now().minusSeconds(60),
                RestoreOutcome.RESTORED,
                "data-fingerprint, maintenance-mode, files-scan");
        assertThat(hooks.cloud.commands()).contains(FINGERPRINT).doesNotContain(SCAN);
        assertThat(hooks.cloud.setting("data-fingerprint")).hasSize(32);
    }

    @Test
    void clientsAreNotToldWhereNobodyCouldChangeAnythingSinceTheBackup() throws IOException {
        hooks.cloud.occ("maintenance:mode", "--on");
        restored("1", Instant.now().plusSeconds(60), RestoreOutcome.RESTORED, "data-fingerprint, maintenance-mode");
        assertThat(hooks.lines())
                .contains("post-restore: data-fingerprint left out: nobody could change anything since the backup");
        assertThat(hooks.cloud.commands()).doesNotContain(FINGERPRINT);
    }

    @Test
    void filesThatCameBackAloneAreScannedForWhenMaintenanceIsOver() throws IOException {
        hooks.run(PRE_RESTORE, "1", "maintenance-mode");
        hooks.run(POST_RESTORE, "1", RestoreOutcome.NOTHING, "maintenance-mode, files-scan");
        assertThat(hooks.cloud.commands()).endsWith(SCAN);

        hooks.cloud.occ("maintenance:mode", "--on");
        assertThat(hooks.failure(POST_RESTORE, "1", RestoreOutcome.NOTHING, "files-scan"))
                .hasMessageContaining("maintenance mode is on, in which the application cannot scan its files");
    }

    @Test
    void ownerAndModesAreSetAndNoLinkIsFollowed() throws IOException {
        Path outside = Files.writeString(folder.resolve("outside"), "secret");
        Path data = hooks.cloud.data();
        Path file = Files.writeString(data.resolve("alice/files/a.txt"), "a");
        Path program = Files.writeString(data.resolve("alice/files/run"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
        Files.createSymbolicLink(data.resolve("alice/link"), outside);
        Files.createLink(data.resolve("alice/hard"), outside);
        String before = mode(outside);
        String programs = mode(hooks.cloud.root().resolve("occ"));

        hooks.run(POST_RESTORE, "1", RestoreOutcome.RESTORED, "permissions");
        String user = ThrowawayCloud.USER;
        assertThat(mode(file)).isEqualTo(user + " rw-r-----");
        assertThat(mode(program)).isEqualTo(user + " rwxr-x---");
        assertThat(mode(data.resolve("alice"))).isEqualTo(user + " rwxr-x---");
        assertThat(mode(hooks.cloud.config())).isEqualTo(user + " rw-r-----");
        assertThat(mode(hooks.cloud.root().resolve("occ"))).as("programs").isEqualTo(programs);
        if (Programs.root()) {
            assertThat(mode(outside)).isEqualTo(before);
            assertThat(hooks.lines()).anyMatch(line -> line.contains("left alone") && line.endsWith("/alice/hard"));
        }
        hooks.run(POST_RESTORE, "1", RestoreOutcome.RESTORED, "permissions");
        assertThat(hooks.lines().get(0)).contains(": 0 of ");
    }

    @Test
    void aDataFolderThatHasBecomeALinkIsRefused() throws IOException {
        Path real = folder.resolve("real");
        Files.move(hooks.cloud.data(), real);
        Files.createSymbolicLink(hooks.cloud.data(), real);
        hooks.cloud.occ("maintenance:mode");
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rwxrwxrwx"));
        hooks.run(POST_RESTORE, "1", RestoreOutcome.RESTORED, "permissions");
        assertThat(mode(real)).endsWith("rwxrwxrwx");
    }

    @Test
    void whatDidNotComeBackIsListedAndRemovedWhenAsked() throws IOException {
        Path files = hooks.cloud.data().resolve("alice/files");
        Path kept = Files.writeString(files.resolve("kept"), "1");
        Path old = Files.writeString(files.resolve("not in the backup"), "2");
        Path changedLater = Files.writeString(files.resolve("changed later"), "3");
        Files.createDirectories(files.resolve("gone/deep"));
        Path deep = Files.writeString(files.resolve("gone/deep/file"), "4");
        Path outside = Files.writeString(folder.resolve("outside"), "5");
        Files.createSymbolicLink(files.resolve("gone/link"), outside);
        Path log = Files.writeString(hooks.cloud.data().resolve("cloud.log"), "excluded");
        RunJournal unused = hooks.restoreJournal("1");
        awaitLaterClock();
        // a restore: each file and folder that comes back gets a new status
        for (Path path : List.of(kept, files, files.getParent(), hooks.cloud.data(), hooks.cloud.root())) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.EPOCH));
        }
        hooks.run(POST_RESTORE, "1", RestoreOutcome.RESTORED, "extraneous-files");
        List<String> listed = new ArrayList<>();
        List<Entry> entries = new ArrayList<>();
        new ExtraneousList(hooks.environment(), "cloud").forEach(entry -> {
            listed.add(files.relativize(Path.of(entry.path())).toString());
            entries.add(entry);
        });
        assertThat(listed)
                .contains("not in the backup", "changed later", "gone/deep/file", "gone/link", "gone/deep", "gone")
                .doesNotContain("kept", "../../cloud.log")
                .containsSubsequence("gone/deep/file", "gone/deep", "gone");
        assertThat(hooks.lines()).anyMatch(line -> line.contains("bpipe-writer extraneous --remove --profile cloud"));

        Files.writeString(changedLater, "written since");
        for (Entry entry : entries) {
            if (entry.path().startsWith(files.toString())) {
                boolean removed = ExtraneousList.remove(entry);
                assertThat(removed).as(entry.path()).isEqualTo(!entry.path().endsWith("changed later"));
            }
        }
        assertThat(files).isDirectoryContaining(kept::equals).isDirectoryContaining(changedLater::equals);
        assertThat(old).doesNotExist();
        assertThat(deep).doesNotExist();
        assertThat(outside).hasContent("5");
        assertThat(log).exists();
    }

    /** The clock that files are stamped by is coarser than the other one. */
    private void awaitLaterClock() throws IOException {
        Path probe = folder.resolve("probe");
        Instant limit = Instant.now().plusSeconds(10);
        Instant now = Instant.now();
        Files.writeString(probe, "");
        while (!((FileTime) Files.getAttribute(probe, "unix:ctime")).toInstant().isAfter(now)) {
            assertThat(Instant.now()).isBefore(limit);
            Files.writeString(probe, "again");
        }
    }

    private void restored(String job, Instant consistentAsOf, RestoreOutcome outcome, String steps) throws IOException {
        RunJournal journal = hooks.restoreJournal(job);
        hooks.run(PRE_RESTORE, job, "maintenance-mode");
        RunSummary stream =
                RunSummary.ofStream(new Trailer(1, 1, 1, 1, 1, "00", Instant.EPOCH), 1, consistentAsOf, List.of());
        journal.run(
                new Header.Job(null, job, null),
                warning -> {},
                () -> stream.restored("x", null, Duration.ZERO, List.of()));
        hooks.run(POST_RESTORE, job, outcome, steps);
    }

    private static String mode(Path path) throws IOException {
        return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName() + " "
                + PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS));
    }
}
