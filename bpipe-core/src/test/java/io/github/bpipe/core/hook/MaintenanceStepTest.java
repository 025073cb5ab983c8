package io.github.bpipe.core.hook;

import static io.github.bpipe.core.hook.HookPoint.POST_BACKUP;
import static io.github.bpipe.core.hook.HookPoint.POST_RESTORE;
import static io.github.bpipe.core.hook.HookPoint.PRE_BACKUP;
import static io.github.bpipe.core.hook.HookPoint.PRE_RESTORE;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RestoreOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose maintenance mode it is, and what becomes of it, whatever becomes of the job. */
class MaintenanceStepTest {
    private static final String MODE = "maintenance-mode";
    private static final String DEADLINE = "\"deadline\" : \"[^\"]+\"";
    private static final String PASSED = "\"deadline\" : \"2001-01-01T00:00:00Z\"";

    @TempDir
    private Path folder;

    private CloudHooks hooks;

    @BeforeEach
    void install() throws IOException {
        hooks = new CloudHooks(folder);
    }

    @Test
    void itIsOnDuringABackupAndOffAfterIt() throws IOException {
        assertThat(hooks.run(PRE_BACKUP, "1", MODE))
                .anyMatch(line -> line.startsWith("pre-backup: maintenance mode is on, until "));
        assertThat(hooks.cloud.inMaintenance()).isTrue();
        assertThat(hooks.run(POST_BACKUP, "1", MODE)).containsExactly("post-backup: maintenance mode is off");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
        assertThat(hooks.cloud.setting("bpipe_lease")).isEmpty();
        assertThat(hooks.leaseFile()).doesNotExist();
        assertThat(hooks.run(POST_BACKUP, "1", MODE))
                .containsExactly("post-backup: maintenance mode was not switched on for this job");
    }

    @Test
    void whatAnAdministratorHasSwitchedOnStaysOnThroughBackupAndRelease() throws IOException {
        hooks.cloud.occ("maintenance:mode", "--on");
        assertThat(hooks.run(PRE_BACKUP, "1", MODE))
                .containsExactly("pre-backup: maintenance mode was on, and it stays so");
        assertThat(hooks.run(POST_BACKUP, "1", MODE))
                .containsExactly("post-backup: maintenance mode stays on, as an administrator had switched it on");
        hooks.run(PRE_BACKUP, "2", MODE);
        hooks.editLease(DEADLINE, PASSED);
        hooks.release(true);
        assertThat(hooks.cloud.inMaintenance()).isTrue();
        hooks.run(PRE_BACKUP, "3", MODE);
        hooks.release(false);
        assertThat(hooks.cloud.inMaintenance()).isTrue();
        assertThat(hooks.cloud.commands()).containsExactly("maintenance:mode --on");
    }

    @Test
    void aFailureBeforeTheJobOpensItAgain() throws IOException {
        assertThat(hooks.failure(PRE_BACKUP, "1", null, MODE + ", {command: [/bin/false]}"))
                .hasMessage("hook pre-backup: /bin/false ended with status 1");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
        assertThat(hooks.leaseFile()).doesNotExist();
    }

    @Test
    void theDeadlineAndAnotherStartOfTheMachineOpenItAndTheBackupFails() throws IOException {
        for (String[] edit : new String[][] {
            {DEADLINE, PASSED, "its deadline, 2001-01-01T00:00:00Z, has passed"},
            {"\"boot\" : \"[^\"]+\"", "\"boot\" : \"another\"", "the machine was started anew"}
        }) {
            hooks.run(PRE_BACKUP, "1", MODE);
            assertThat(hooks.release(true)).isEmpty();
            assertThat(hooks.cloud.inMaintenance()).isTrue();
            hooks.editLease(edit[0], edit[1]);
            assertThat(hooks.release(true)).contains("maintenance mode is off", "opened, because " + edit[2]);
            assertThat(hooks.cloud.inMaintenance()).isFalse();
            assertThat(hooks.failure(POST_BACKUP, "1", null, MODE))
                    .hasMessage(
                            "hook post-backup: maintenance-mode: the application was not closed until the end of the job: "
                                    + edit[2]);
            assertThat(hooks.lines()).anyMatch(line -> line.startsWith("post-backup: FAILED: maintenance-mode: "));
        }
    }

    @Test
    void anEndThatWasKilledIsGoneOnWith() throws IOException {
        String edit = "\"ended\" : \"its time was over\", \"services\"";
        hooks.run(PRE_BACKUP, "1", MODE);
        hooks.editLease("\"services\"", edit);
        assertThat(hooks.failure(POST_BACKUP, "1", null, MODE)).hasMessageEndingWith("its time was over");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
        hooks.run(PRE_BACKUP, "2", MODE);
        hooks.editLease("\"services\"", edit);
        assertThat(hooks.release(true)).contains("maintenance mode is off");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }

    @Test
    void aBackupFailsWhereSomebodyHasSwitchedItOffMeanwhile() throws IOException {
        hooks.run(PRE_BACKUP, "1", MODE);
        hooks.cloud.occ("maintenance:mode", "--off");
        assertThat(hooks.failure(POST_BACKUP, "1", null, MODE)).hasMessageEndingWith("somebody has switched it off");
        assertThat(hooks.cloud.setting("bpipe_lease")).isEmpty();
        assertThat(hooks.leaseFile()).doesNotExist();
    }

    @Test
    void theNextJobOpensWhatAKilledOneHasLeftAndTheKilledOneFails() throws IOException {
        hooks.run(PRE_BACKUP, "1", MODE);
        assertThat(hooks.run(PRE_BACKUP, "2", MODE))
                .contains("pre-backup: opened first what the backup of job 1 had left closed");
        assertThat(hooks.failure(POST_BACKUP, "1", null, MODE))
                .hasMessageEndingWith("job 2 has taken the application over");
        assertThat(hooks.cloud.inMaintenance()).isTrue();
        hooks.run(POST_BACKUP, "2", MODE);
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }

    @Test
    void aMarkThatNobodyHereKnowsIsLeftAlone() throws IOException {
        hooks.cloud.configure("'maintenance' => true, 'bpipe_lease' => 'elsewhere'");
        assertThat(hooks.failure(PRE_BACKUP, "1", null, MODE))
                .hasMessageContaining("by a run of bpipe-toolkit that is not known here (elsewhere)")
                .returns(ExitCode.BUSY, Failure::exitCode);
        assertThat(hooks.cloud.inMaintenance()).isTrue();
    }

    @Test
    void aRestoreTakesOverWhatAnUnknownRunHasLeft() throws IOException {
        hooks.cloud.configure("'maintenance' => true, 'bpipe_lease' => 'elsewhere'");
        hooks.run(PRE_RESTORE, "1", MODE);
        assertThat(hooks.cloud.setting("bpipe_lease")).isNotEqualTo("elsewhere");
        hooks.run(POST_RESTORE, "1", RestoreOutcome.RESTORED, MODE);
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }

    @Test
    void aFailedRestoreForWhichNothingWasClosedChangesNothing() throws IOException {
        hooks.run(POST_RESTORE, "1", RestoreOutcome.FAILED, MODE);
        assertThat(hooks.lines())
                .containsExactly("post-restore: maintenance-mode left out: nothing was closed for this job");
        assertThat(hooks.cloud.commands()).isEmpty();
    }

    @Test
    void ourModeThatComesBackWithTheConfigurationIsTakenOff() throws IOException {
        hooks.run(PRE_BACKUP, "1", MODE);
        byte[] saved = Files.readAllBytes(hooks.cloud.config());
        hooks.run(POST_BACKUP, "1", MODE);
        hooks.run(PRE_RESTORE, "2", MODE);
        hooks.restoreConfig(saved);
        assertThat(hooks.run(POST_RESTORE, "2", RestoreOutcome.RESTORED, MODE))
                .containsExactly("post-restore: maintenance mode is off");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
        assertThat(hooks.cloud.setting("bpipe_lease")).isEmpty();
    }

    @Test
    void ourModeComesOffOnAnotherMachineWhereThereWasNoApplicationYet() throws IOException {
        hooks.run(PRE_BACKUP, "1", MODE);
        byte[] saved = Files.readAllBytes(hooks.cloud.config());
        hooks.run(POST_BACKUP, "1", MODE);
        Files.delete(hooks.cloud.config());
        assertThat(hooks.run(PRE_RESTORE, "1", MODE)).last().asString().contains("there is no application yet");
        hooks.restoreConfig(saved);
        hooks.run(POST_RESTORE, "1", RestoreOutcome.RESTORED, MODE);
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }

    @Test
    void anAdministratorsModeOfTheBackupOrOfTheLiveApplicationStays() throws IOException {
        hooks.cloud.occ("maintenance:mode", "--on");
        byte[] administrators = Files.readAllBytes(hooks.cloud.config());
        hooks.cloud.occ("maintenance:mode", "--off");
        hooks.run(PRE_RESTORE, "1", MODE);
        hooks.restoreConfig(administrators);
        assertThat(hooks.run(POST_RESTORE, "1", RestoreOutcome.RESTORED, MODE))
                .last()
                .asString()
                .endsWith("before the backup");
        assertThat(hooks.cloud.inMaintenance()).isTrue();

        hooks.cloud.occ("maintenance:mode", "--off");
        hooks.run(PRE_BACKUP, "2", MODE);
        byte[] ours = Files.readAllBytes(hooks.cloud.config());
        hooks.run(POST_BACKUP, "2", MODE);
        hooks.cloud.occ("maintenance:mode", "--on");
        hooks.run(PRE_RESTORE, "3", MODE);
        hooks.restoreConfig(ours);
        assertThat(hooks.run(POST_RESTORE, "3", RestoreOutcome.RESTORED, MODE))
                .last()
                .asString()
                .endsWith("before the restore");
        assertThat(hooks.cloud.inMaintenance()).isTrue();
        assertThat(hooks.cloud.setting("bpipe_lease")).isEmpty();
    }

    @Test
    void aRestoreThatFailsLeavesItOnUntilOneEndsWellAndNoBackupIsMadeMeanwhile() throws IOException {
        hooks.run(PRE_RESTORE, "1", MODE);
        assertThat(hooks.failure(POST_RESTORE, "1", RestoreOutcome.FAILED, MODE))
                .hasMessageEndingWith("the restore failed; maintenance mode stays on on purpose");
        hooks.editLease(DEADLINE, PASSED);
        assertThat(hooks.release(true)).isEmpty();
        assertThat(hooks.failure(PRE_BACKUP, "2", null, MODE))
                .hasMessageContaining("a restore of job 1 has not ended well");
        assertThat(hooks.cloud.inMaintenance()).isTrue();

        assertThat(hooks.failure(PRE_RESTORE, "3", null, MODE + ", {command: [/bin/false]}"))
                .isNotNull();
        assertThat(hooks.cloud.inMaintenance()).as("still half restored").isTrue();
        hooks.run(PRE_RESTORE, "4", MODE);
        hooks.run(POST_RESTORE, "4", RestoreOutcome.RESTORED, MODE);
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }

    @Test
    void anAdministratorOpensWhatAFailedRestoreHasLeft() throws IOException {
        hooks.run(PRE_RESTORE, "1", MODE);
        assertThat(hooks.failure(POST_RESTORE, "1", null, "{command: [/bin/false]}, " + MODE))
                .hasMessage("hook post-restore: /bin/false ended with status 1");
        assertThat(hooks.cloud.inMaintenance()).isTrue();
        assertThat(hooks.release(false)).contains("maintenance mode is off");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
        hooks.run(PRE_BACKUP, "2", MODE);
    }

    @Test
    void aKilledRestoreIsOpenedByTheDeadlineUnlessItHadBegun() throws IOException {
        hooks.run(PRE_BACKUP, "1", MODE);
        byte[] saved = Files.readAllBytes(hooks.cloud.config());
        hooks.run(POST_BACKUP, "1", MODE);

        hooks.run(PRE_RESTORE, "2", MODE);
        hooks.editLease(DEADLINE, PASSED);
        assertThat(hooks.release(true)).contains("maintenance mode is off");

        hooks.run(PRE_RESTORE, "3", MODE);
        hooks.restoreConfig(saved);
        hooks.editLease(DEADLINE, PASSED);
        assertThat(hooks.release(true)).singleElement().asString().startsWith("stays closed: its deadline");
        assertThat(hooks.cloud.inMaintenance()).isTrue();
    }

    @Test
    void aRestoreElsewhereOpensTheLiveApplicationAsItWas() throws IOException {
        hooks.run(PRE_RESTORE, "1", MODE);
        hooks.run(POST_RESTORE, "1", RestoreOutcome.ELSEWHERE, MODE + ", data-fingerprint, files-scan, permissions");
        assertThat(hooks.lines()).contains("post-restore: permissions left out: the live application was not restored");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }
}
