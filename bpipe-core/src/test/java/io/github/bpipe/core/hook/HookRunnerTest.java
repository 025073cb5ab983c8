package io.github.bpipe.core.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunProcess;
import io.github.bpipe.core.profile.Hook;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HookRunnerTest {
    private static final String OTHER_USER = Programs.root() ? "www-data" : System.getProperty("user.name");

    @TempDir
    private Path folder;

    @Test
    void wordsStayWordsTheEnvironmentIsSetAndItRunsAsTheUser() throws IOException {
        Hook hook = new Hook(
                List.of("/bin/sh", "-c", "echo \"$1|$NAME|$(id -un)\"; echo said >&2", "sh", "a  b;$(c) 'd'"),
                OTHER_USER,
                null,
                Map.of("NAME", "value of it"));
        HookRunner runner = runner(HookPoint.PRE_BACKUP);
        runner.run(List.of(hook));
        assertThat(runner.lines())
                .containsExactly(
                        "pre-backup: /bin/sh ended with status 0", "a  b;$(c) 'd'|value of it|" + OTHER_USER, "said");
    }

    @Test
    void beforeAJobTheFirstFailureIsTheLastHookAndAfterItAllOfThemRun() throws IOException {
        List<Hook> hooks = List.of(shell("echo one; exit 3"), shell("echo two; exit 4"), shell("echo three"));
        HookRunner before = runner(HookPoint.PRE_RESTORE);
        Failure first = failure(before, hooks);
        assertThat(first).hasMessage("hook pre-restore: /bin/sh ended with status 3");
        assertThat(first.exitCode()).isEqualTo(ExitCode.HOOK);
        assertThat(before.lines()).containsExactly("pre-restore: /bin/sh ended with status 3", "one");

        HookRunner after = runner(HookPoint.POST_BACKUP);
        assertThat(failure(after, hooks)).hasMessage("hook post-backup: /bin/sh ended with status 3");
        assertThat(after.lines()).contains("one", "two", "three");
    }

    @Test
    void oneThatHangsIsKilledAndNoOtherIsStarted() {
        Hook hook = new Hook(List.of("/bin/sh", "-c", "trap '' TERM; sleep 1000 & sleep 1000"), null, 1, Map.of());
        HookRunner runner = runner(HookPoint.PRE_BACKUP);
        assertThat(failure(runner, List.of(hook, shell("echo never"))))
                .hasMessage("hook pre-backup: /bin/sh did not end within 1 s and was killed with its children");
        assertThat(runner.lines()).doesNotContain("never");
    }

    @Test
    void ofMegabytesTheEndIsKept() throws IOException {
        HookRunner runner = runner(HookPoint.POST_RESTORE);
        runner.run(List.of(shell("i=0; while [ $i -lt 20000 ]; do echo a line of many, and not the last $i; i=$((i+1));"
                + " done; echo the last")));
        assertThat(runner.lines()).hasSizeLessThan(30).last().isEqualTo("the last");
        assertThat(runner.lines()).anyMatch(line -> line.matches("\\.\\.\\. \\d+ lines before"));
    }

    @Test
    void aHookThatOthersCanWriteOrThatIsMissingIsNotRun() throws IOException {
        Path program = Files.writeString(folder.toRealPath().resolve("hook"), "#!/bin/sh\necho ran\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xrwx"));
        HookRunner runner = runner(HookPoint.PRE_BACKUP);
        Hook hook = new Hook(List.of(program.toString()), null, null, null);
        assertThat(failure(runner, List.of(hook))).hasMessage("hook " + program + " can be written by others");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(failure(runner, List.of(hook)))
                .hasMessage("hook pre-backup: " + program + " does not exist or is not executable");
        assertThat(runner.lines()).isEmpty();
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        runner.run(List.of(hook));
        assertThat(runner.lines()).contains("ran");
    }

    @Test
    void oneThatIsEndedFromOutsideDiesWithItsChildrenAlsoThoseWhoseParentIsGone() throws Exception {
        Path pids = folder.resolve("pids");
        Path begun = folder.resolve("begun");
        Programs.run("mkfifo", begun.toString()).orFail();
        String script = """
                sleep 1000 & echo $! >> PIDS
                (sleep 1000 & echo $! >> PIDS)
                sh -c 'trap "" TERM; sleep 1000 & echo $! >> PIDS; echo > BEGUN; sleep 1000' & echo $! >> PIDS
                trap '' TERM; echo $$ >> PIDS; echo > BEGUN; sleep 1000
                """.replace("PIDS", pids.toString()).replace("BEGUN", begun.toString());
        List<Hook> hooks = List.of(shell(script), shell("echo never"));
        HookRunner runner = runner(HookPoint.POST_BACKUP);
        List<Failure> failures = new ArrayList<>();
        Thread thread = new Thread(() -> failures.add(failure(runner, hooks)));
        thread.start();
        // one line from each of the two that write last; open for writing too, so that it never ends in between
        try (RandomAccessFile lines = new RandomAccessFile(begun.toFile(), "rw")) {
            assertThat(lines.read()).isEqualTo('\n');
            assertThat(lines.read()).isEqualTo('\n');
        }
        List<String> started = Files.readAllLines(pids);
        runner.end();
        thread.join();
        assertThat(started).hasSize(5);
        assertThat(started).noneMatch(pid -> RunProcess.of(Long.parseLong(pid)).isPresent());
        assertThat(failures).hasSize(1);
        assertThat(runner.lines()).hasSize(1).allMatch(line -> line.contains("ended with status 137"));
    }

    private static HookRunner runner(HookPoint point) {
        Profile profile = new Profile(
                "shop", Engine.SQLITE, "/srv/shop.db", null, null, null, null, null, null, null, null, null);
        return new HookRunner(new HookJob(point, profile, Path.of("/etc/bpipe/shop.yaml"), "7", Map.of()));
    }

    private static Hook shell(String script) {
        return new Hook(List.of("/bin/sh", "-c", script), null, null, null);
    }

    private static Failure failure(HookRunner runner, List<Hook> hooks) {
        return catchThrowableOfType(Failure.class, () -> runner.run(hooks));
    }
}
