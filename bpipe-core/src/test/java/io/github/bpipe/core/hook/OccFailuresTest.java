package io.github.bpipe.core.hook;

import static io.github.bpipe.core.hook.HookPoint.POST_BACKUP;
import static io.github.bpipe.core.hook.HookPoint.PRE_BACKUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayCloud;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application's own command line misbehaves. */
class OccFailuresTest {
    private static final String MODE = "maintenance-mode";

    @TempDir
    private Path folder;

    private CloudHooks hooks;

    @BeforeEach
    void install() throws IOException {
        hooks = new CloudHooks(folder);
    }

    @Test
    void oneThatIsMissingIsNamed() throws IOException {
        Path occ = hooks.cloud.root().resolve("occ");
        Files.delete(occ);
        Failure failure = hooks.failure(PRE_BACKUP, "1", null, MODE);
        assertThat(failure).hasMessage("hook pre-backup: maintenance-mode: there is no file " + occ);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.APPLICATION);
        Files.createSymbolicLink(occ, Path.of("/bin/true"));
        assertThat(hooks.failure(PRE_BACKUP, "1", null, MODE)).hasMessageEndingWith("there is no file " + occ);
    }

    @Test
    void oneThatFailsSaysWhyAndTheModeIsWhatItWas() throws IOException {
        hooks.cloud.trouble("fail", "maintenance:mode");
        assertThat(hooks.failure(PRE_BACKUP, "1", null, MODE))
                .hasMessage(
                        "hook pre-backup: maintenance-mode: occ maintenance:mode --on ended with status 1: An unhandled"
                                + " exception has been thrown: disk full");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
        assertThat(hooks.leaseFile()).doesNotExist();
        assertThat(hooks.cloud.setting("bpipe_lease")).isEmpty();
    }

    @Test
    void oneThatOnlySaysThatItDidItIsFoundOut() throws IOException {
        hooks.cloud.trouble("lie", "maintenance:mode");
        assertThat(hooks.failure(PRE_BACKUP, "1", null, MODE))
                .hasMessageEndingWith("occ maintenance:mode ended well, but maintenance mode is off");
    }

    @Test
    void oneThatHangsIsKilled() throws IOException {
        hooks.cloud.trouble("hang", "maintenance:mode");
        assertThat(hooks.failure(PRE_BACKUP, "1", null, "{step: " + MODE + ", timeout: 2}"))
                .hasMessageContaining("did not end within 2 s and was killed with its children");
        String pid = Files.readString(hooks.cloud.root().resolve("occ.hangs"));
        assertThat(ProcessHandle.of(Long.parseLong(pid))).isEmpty();
    }

    @Test
    void megabytesOfOutputAreRead() throws IOException {
        hooks.cloud.trouble("chat", "maintenance:mode");
        hooks.run(PRE_BACKUP, "1", MODE);
        assertThat(hooks.cloud.inMaintenance()).isTrue();
    }

    @Test
    void whereItCannotBeSwitchedOffItStaysKnownThatItIsOurs() throws IOException {
        hooks.run(PRE_BACKUP, "1", MODE);
        hooks.cloud.trouble("fail", "maintenance:mode");
        assertThat(hooks.failure(POST_BACKUP, "1", null, MODE)).hasMessageContaining("--off ended with status 1");
        hooks.cloud.trouble(null, null);
        assertThat(hooks.cloud.inMaintenance()).isTrue();
        hooks.run(POST_BACKUP, "1", MODE);
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }

    @Test
    void theWrongUserIsRefusedByTheApplicationItself() throws IOException {
        String other = Programs.root() ? "nobody" : ThrowawayCloud.USER;
        if (!Programs.root()) {
            Programs.run("chmod", "000", hooks.cloud.root().resolve("occ").toString())
                    .orFail();
        }
        Programs.run("sh", "-c", "test \"$(id -u)\" != 0 || chown " + other + " " + hooks.cloud.config())
                .orFail();
        assertThat(hooks.failure(PRE_BACKUP, "1", null, MODE).getMessage())
                .containsPattern("ended with status 1: (Owner id of config.php: \\d+ \\(nobody\\)|Could not open.*)");
        assertThat(hooks.cloud.inMaintenance()).isFalse();
    }

    @Test
    void anInterpreterThatIsNoneIsNamed() {
        hooks.with("  php: /no/such/php\n");
        assertThat(hooks.failure(PRE_BACKUP, "1", null, MODE))
                .hasMessageEndingWith("application.php in the profile names /no/such/php, which is no program");
    }
}
