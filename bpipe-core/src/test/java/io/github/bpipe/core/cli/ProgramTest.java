package io.github.bpipe.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ProgramTest {
    @Command(name = "prog", mixinStandardHelpOptions = true)
    static final class Root implements Callable<Integer> {
        @Option(names = "--database")
        private String database;

        @Option(names = "--port")
        private int port;

        @Override
        public Integer call() throws IOException {
            if (database == null) {
                throw new Failure(ExitCode.NO_DATABASE, "no database \u001b[31mred\nline", "name one");
            }
            return port;
        }
    }

    @Command(name = "verify")
    static final class Verify implements Callable<Integer> {
        @Option(names = "--as")
        private String as = "io";

        @Override
        public Integer call() throws IOException {
            if (as.equals("defect")) {
                throw new IllegalStateException("of mine");
            }
            throw new IOException("broken pipe");
        }
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Failure> told = new ArrayList<>();

    @Test
    void returnsWhatTheCommandReturns() {
        assertThat(run("--database", "d", "--port", "7")).isEqualTo(7);
        assertThat(err()).isEmpty();
        assertThat(told).isEmpty();
    }

    @Test
    void aFailureIsAMessageAHintAndItsCode() {
        assertThat(run()).isEqualTo(ExitCode.NO_DATABASE.code());
        assertThat(err()).isEqualTo("prog: error: no database \\x1b[31mred\\x0aline\nhint: name one\n");
        assertThat(told).hasSize(1);
    }

    @Test
    void anUnknownOptionIsAnsweredWithTheNearestOne() {
        assertThat(run("--databse", "d")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err())
                .startsWith("prog: error: unknown option")
                .contains("'--databse'")
                .contains("hint: did you mean --database? prog --help lists the options\n");
        assertThat(told).singleElement().returns(ExitCode.USAGE, Failure::exitCode);
    }

    @Test
    void anUnknownSubcommandIsAnsweredWithTheNearestOne() {
        assertThat(run("verfy")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err()).contains("hint: did you mean verify? prog --help lists the options\n");
    }

    @Test
    void aWrongValueNamesOptionAndValue() {
        assertThat(run("--port", "many")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err())
                .startsWith("prog: error: invalid value for option '--port'")
                .contains("many")
                .endsWith("hint: prog --help lists the options\n");
    }

    @Test
    void anOptionWithoutItsValueIsAUsageError() {
        assertThat(run("--database")).isEqualTo(ExitCode.USAGE.code());
        assertThat(err()).startsWith("prog: error: missing required parameter for option '--database'");
    }

    @Test
    void anUnexplainedInputOutputErrorIsAnOutputError() {
        assertThat(run("verify")).isEqualTo(ExitCode.OUTPUT.code());
        assertThat(err()).startsWith("prog: error: input or output failed: broken pipe\nhint: ");
        assertThat(told).as("of a failure of a subcommand").isEmpty();
    }

    @Test
    void aWrongOptionOfASubcommandIsAFailureOfTheSubcommand() {
        assertThat(run("verify", "--ass", "x")).isEqualTo(ExitCode.USAGE.code());
        assertThat(told).isEmpty();
        assertThat(run("--bogus", "verify")).isEqualTo(ExitCode.USAGE.code());
        assertThat(told).as("with the fault before the subcommand").isEmpty();
        assertThat(run("--bogus", "--database", "verify")).isEqualTo(ExitCode.USAGE.code());
        assertThat(told).as("of the command for a database of that name").hasSize(1);
    }

    @Test
    void aDatabaseMayHaveTheNameOfASubcommand() {
        assertThat(run("--database", "verify", "--port", "7")).as(err()).isEqualTo(7);
        assertThat(run("--database=verify", "--port", "8")).as(err()).isEqualTo(8);
    }

    @Test
    void aDefectIsCalledOne() {
        assertThat(run("verify", "--as", "defect")).isEqualTo(ExitCode.INTERNAL.code());
        assertThat(err())
                .startsWith("prog: error: a defect in the program: java.lang.IllegalStateException: of mine\nhint: ")
                .doesNotContain("\tat ");
    }

    @Test
    void debugPrintsAStackTraceBeforeAndBehindASubcommand() {
        run("--debug", "verify");
        assertThat(err()).contains("\tat ").contains("Caused by: java.io.IOException: broken pipe");
        err.reset();
        run("verify", "--debug");
        assertThat(err()).contains("\tat ");
        err.reset();
        run("verify");
        assertThat(err()).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "--database=d --help", "-Vh"})
    void helpGoesToStdoutAndListsSubcommands(String arguments) {
        assertThat(run(arguments.split(" "))).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("Usage: prog ")
                .contains("--debug", "  verify");
        assertThat(err()).isEmpty();
    }

    @Test
    void aSubcommandThatAnArgumentFileNamesRuns(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("arguments"), "verify --as defect");
        assertThat(run("@" + file)).isEqualTo(ExitCode.INTERNAL.code());
    }

    @Test
    void aTransientLineGivesWayToTheNextMessage() {
        Messages messages = new Messages("prog", surroundings());
        messages.transientLine("1 of 2");
        messages.transientLine("2 of 2");
        messages.info("done");
        messages.warning("late");
        assertThat(err()).isEqualTo("\r\u001b[K1 of 2\r\u001b[K2 of 2\r\u001b[Kprog: done\nprog: warning: late\n");
    }

    private int run(String... args) {
        Surroundings surroundings = surroundings();
        Messages messages = new Messages("prog", surroundings);
        return new Program(new Root(), List.of(new Verify()), surroundings, messages, told::add).run(args);
    }

    private Surroundings surroundings() {
        return new Surroundings(
                InputStream.nullInputStream(),
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Map.of(),
                false,
                false);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
