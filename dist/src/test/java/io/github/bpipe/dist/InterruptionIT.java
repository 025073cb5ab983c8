package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever ends a program early leaves no children, and a stream that says what happened where it still can. */
@Timeout(120)
class InterruptionIT {
    private static final String DATABASE = "interruption";
    private static ThrowawayMariaDb server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeADatabaseThatTakesLongerThanAPipeHolds() {
        server = ThrowawayMariaDb.shared();
        server.sql("", "CREATE DATABASE " + DATABASE);
        server.sql(
                DATABASE,
                "CREATE TABLE noise (id int PRIMARY KEY, a text, b text); INSERT INTO noise SELECT seq,"
                        + " HEX(RANDOM_BYTES(800)), HEX(RANDOM_BYTES(800)) FROM seq_1_to_20000");
    }

    @AfterAll
    static void dropDatabase() {
        server.sql("", "DROP DATABASE " + DATABASE);
    }

    @Test
    void aFullDiskEndsTheDump() {
        Installed.Answer answer = Installed.shell(dump() + " > /dev/full");
        assertThat(answer.status()).isEqualTo(ExitCode.OUTPUT.code());
        assertThat(answer.err()).contains("No space left on device").contains("hint: ");
        assertNoClientsLeft();
    }

    @Test
    void aClosedStdoutEndsTheDump() {
        Installed.Answer answer = Installed.shell("{ " + dump() + "; echo status $? >&2; } | head -c 100000 | wc -c");
        assertThat(answer.text().strip()).isEqualTo("100000");
        assertThat(answer.err()).contains("status " + ExitCode.OUTPUT.code()).contains("Broken pipe");
        assertNoClientsLeft();
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130"})
    void aSignalEndsTheDumpAndTheStreamSaysSo(String signal, int status) throws Exception {
        Path out = fifo();
        Process reader = startReader(out);
        try (var read = Files.newInputStream(out)) {
            read.readNBytes(300_000);
            signal(reader, signal);
            byte[] rest = read.readAllBytes();
            assertThat(Installed.await(reader)).isEqualTo(status);
            assertThat(new String(rest, java.nio.charset.StandardCharsets.UTF_8))
                    .endsWith("\"reason\":\"the dump was ended by a signal\",\"hint\":\"run it again\"}");
        }
        assertNoClientsLeft();
    }

    @Test
    void aKilledReaderLeavesNoChildren() throws Exception {
        Path out = fifo();
        Process reader = startReader(out);
        try (var read = Files.newInputStream(out)) {
            read.readNBytes(300_000);
            reader.destroyForcibly();
            reader.waitFor();
        }
        awaitNoClients();
    }

    @Test
    void anOutputFileAppearsOnlyWhenItIsComplete() throws IOException {
        Path file = Files.createDirectory(folder.resolve("dumps")).resolve("dump.sql.zst");
        String complete = dump() + " --output " + file;
        Installed.Answer failed = Installed.shell("ulimit -f 2000; trap '' XFSZ; " + complete);
        assertThat(failed.status()).as(failed.err()).isEqualTo(ExitCode.OUTPUT.code());
        assertThat(file.getParent()).isEmptyDirectory();
        assertThat(Installed.shell(complete).status()).isZero();
        assertThat(Programs.run("stat", "-c", "%a", file.toString()).orFail().strip())
                .isEqualTo("600");
        assertThat(Installed.shell("$WRITER verify < " + file).status()).isZero();
        assertNoClientsLeft();
    }

    @Test
    void aTruncatedInputLeavesTheLiveDatabaseAlone() {
        String before = server.sql(DATABASE, "CHECKSUM TABLE noise");
        Installed.Answer answer = Installed.shell("set +o pipefail; " + dump()
                + " | head -c 5000000 | $WRITER --socket=" + server.socket() + " --user=root");
        assertThat(answer.status()).isEqualTo(ExitCode.TRUNCATED_STREAM.code());
        assertThat(answer.err()).contains("ends within a block");
        assertThat(server.sql(DATABASE, "CHECKSUM TABLE noise")).isEqualTo(before);
        assertThat(server.sql("", "SHOW DATABASES")).doesNotContain("__bpipe");
        assertNoClientsLeft();
    }

    @Test
    void aTerminatedWriterLeavesTheLiveDatabaseAndNothingElse() throws Exception {
        Path in = fifo();
        Path stream = folder.resolve("stream");
        assertThat(Installed.shell(dump() + " > " + stream).status()).isZero();
        Process writer = start("$WRITER --socket=" + server.socket() + " --user=root < " + in);
        try (var out = Files.newOutputStream(in)) {
            out.write(Files.readAllBytes(stream), 0, 8_000_000);
            out.flush();
            signal(writer, "TERM");
            assertThat(Installed.await(writer)).isEqualTo(143);
        }
        assertThat(server.sql("", "SHOW DATABASES")).contains(DATABASE).doesNotContain("__bpipe");
        assertNoClientsLeft();
    }

    private String dump() {
        return "$READER --engine mariadb --database " + DATABASE + " --level 1 --socket=" + server.socket()
                + " --user=root";
    }

    private Process startReader(Path out) throws IOException {
        return start(dump() + " > " + out);
    }

    /** The shell opens the fifos, which waits for the other side, and then becomes the program. */
    private Process start(String command) throws IOException {
        return Installed.start(
                Path.of("/bin/bash"),
                new File("/dev/null"),
                folder.resolve("out").toFile(),
                folder.resolve("err").toFile(),
                Map.of("READER", Installed.READER.toString(), "WRITER", Installed.WRITER.toString()),
                "-c",
                "exec " + command);
    }

    private Path fifo() {
        Path fifo = folder.resolve("fifo");
        Programs.run("mkfifo", fifo.toString()).orFail();
        return fifo;
    }

    private static void signal(Process process, String signal) {
        Programs.run("kill", "-" + signal, String.valueOf(process.pid())).orFail();
    }

    private static List<String> clients() {
        return Programs.run("pgrep", "-af", "^\\S*(mariadb|mariadb-dump) .*--socket=" + server.socket())
                .out()
                .lines()
                .toList();
    }

    private static void assertNoClientsLeft() {
        assertThat(clients()).isEmpty();
    }

    private static void awaitNoClients() throws InterruptedException {
        for (int i = 0; i < 100 && !clients().isEmpty(); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertNoClientsLeft();
    }
}
