package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.cli.Version;
import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user meets before any database is touched. */
class CommandLineIT {
    private static final byte[] NOTHING = new byte[0];

    @TempDir
    private Path folder;

    @Test
    void everyProgramTellsItsVersionAndTheCommitItWasBuiltFrom() {
        String commit = Installed.shell("[ -e ../.git ] && git -c safe.directory='*' rev-parse --short=12 HEAD")
                .text()
                .strip();
        String version = " " + Version.number() + (commit.isEmpty() ? "" : " (commit " + commit + ")") + "\n";
        assertThat(Installed.reader("--version").text()).isEqualTo("bpipe-reader" + version);
        assertThat(Installed.writer(NOTHING, "--version").text()).isEqualTo("bpipe-writer" + version);
        assertThat(Installed.run(Installed.CONFIG, NOTHING, Map.of(), "--version")
                        .text())
                .isEqualTo("bareos-config" + version);
    }

    @Test
    void helpNamesEveryOptionAndIsNoError() {
        Installed.Answer help = Installed.reader("--help");
        assertThat(help.status()).isZero();
        assertThat(help.text()).contains("--engine", "--option-file", "--allow-inconsistent", "Examples:");
        assertThat(Installed.writer(NOTHING, "--help").text()).contains("verify", "inspect", "cat", "--into");
    }

    @Test
    void aProgramRunsThroughALinkFromAnyFolder() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("reader"), Installed.READER);
        Installed.Answer answer = Installed.run(link, NOTHING, Map.of("LANG", "C", "LC_ALL", ""), "--version");
        assertThat(answer.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--engin sqlite",
                "--engine oracle --database x",
                "--engine sqlite",
                "--engine sqlite --database x --level 20",
                "--engine sqlite --database x --threads none",
                "--profile /no/such/profile.yaml"
            })
    void aWrongCommandLineIsNamedWithAHintAndEndsTheOutputWithTheReason(String arguments) {
        Installed.Answer answer = Installed.reader(arguments.split(" "));
        assertThat(answer.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(answer.err()).startsWith("bpipe-reader: error: ").contains("\nhint: ");
        Installed.Answer refused = Installed.writer(answer.out(), "verify");
        assertThat(refused.status()).isEqualTo(ExitCode.ABORTED_STREAM.code());
        String reason = answer.err().lines().findFirst().orElseThrow().substring("bpipe-reader: error: ".length());
        assertThat(refused.err()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "check --profile /no/such/profile.yaml --job 7",
                "check --nonsense",
                "--bogus check",
                "check",
                "report --profile /no/such/profile.yaml --job 7",
                "report",
                "explain 99"
            })
    void aSubcommandThatFailsWritesNoStream(String arguments) {
        Installed.Answer answer = Installed.run(
                Installed.READER, NOTHING, Map.of("BPIPE_STATE_DIR", folder.toString()), arguments.split(" "));
        assertThat(answer.status()).isIn(ExitCode.USAGE.code(), ExitCode.NO_RUN.code());
        assertThat(answer.text()).doesNotContain("BPS1");
        assertThat(answer.err() + answer.text()).contains("hint: ");
    }

    @Test
    void theNumberOfAJobLogIsExplained() {
        assertThat(Installed.reader("explain", "268435469").text())
                .isEqualTo("268435469: exit code 13: the account lacks a privilege\n");
    }

    @Test
    void whatTheVirtualMachineSaysNeverGetsIntoAStream() {
        Map<String, String> talkative = Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseLargePages -Xlog:gc*=info");
        Installed.Answer answer = Installed.run(Installed.READER, NOTHING, talkative, "--engine", "sqlite");
        assertThat(answer.err()).contains("UseLargePages");
        assertThat(Installed.writer(answer.out(), "verify").status()).isEqualTo(ExitCode.ABORTED_STREAM.code());
    }

    @Test
    void outOfMemoryTheProgramEndsWithACodeOfItsOwn() {
        Installed.Answer answer = Installed.run(
                Installed.READER, new byte[0], Map.of("_JAVA_OPTIONS", "-Xmx8m"), "--engine=sqlite", "--database=x");
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.MEMORY.code());
        assertThat(answer.err()).contains("OutOfMemoryError");
    }

    @Test
    void anotherJavaThanThatOfTheBuildPassesOverTheClassArchive() {
        Installed.Answer answer = Installed.shell("cp -r $(dirname $READER)/.. " + folder + "/moved"
                + " && head -c 1000 /dev/urandom > " + folder + "/moved/lib/classes.jsa && " + folder
                + "/moved/bin/bpipe-reader --version");
        assertThat(answer.status()).isZero();
        assertThat(answer.text()).startsWith("bpipe-reader ");
        assertThat(answer.err()).isEmpty();
    }

    @Test
    void aTerminalIsRefusedAndGetsNoBinary() {
        Installed.Answer answer =
                Installed.shell("script -qec '$READER --engine sqlite --database /tmp/x' /dev/null < /dev/null");
        assertThat(answer.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(answer.text())
                .contains("stdout is a terminal")
                .contains("hint: ")
                .doesNotContain("BPS1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"verify", "inspect", "cat", ""})
    void whatIsNoStreamIsRefusedByName(String subcommand) {
        String[] arguments = subcommand.isEmpty() ? new String[0] : new String[] {subcommand};
        Installed.Answer empty = Installed.writer(NOTHING, arguments);
        assertThat(empty.status()).isEqualTo(ExitCode.NOT_A_STREAM.code());
        assertThat(empty.err()).contains("the input is empty at byte 0");
        Installed.Answer sql =
                Installed.writer("CREATE TABLE t (i int);\n".getBytes(StandardCharsets.UTF_8), arguments);
        assertThat(sql.status()).isEqualTo(ExitCode.NOT_A_STREAM.code());
        assertThat(sql.err()).contains("text (\"CREATE");
        assertThat(sql.out()).isEmpty();
    }

    @Test
    void anotherZstdFileIsRefusedByName() {
        Installed.Answer answer = Installed.shell("echo hello | zstd -c | $WRITER verify");
        assertThat(answer.status()).isEqualTo(ExitCode.NOT_A_STREAM.code());
        assertThat(answer.err()).contains("a zstd file of another program");
    }

    @Test
    void theGuideAndTheProgramAgreeOnTheExitCodes() throws IOException {
        String guide = Files.readString(Path.of("../docs/guide.md"));
        for (ExitCode code : ExitCode.values()) {
            assertThat(guide).contains("| " + code.code() + " | " + code.meaning() + " |");
        }
    }
}
