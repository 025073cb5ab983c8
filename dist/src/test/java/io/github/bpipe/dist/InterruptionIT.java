package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Output that breaks, input that ends, and SIGKILL, with every engine: the end is prompt, and nothing is left. */
@Timeout(120)
class InterruptionIT {
    @TempDir
    private static Path live;

    private static NoisyDatabases databases;

    @TempDir
    private Path folder;

    /** Where the reader puts the copy of a SQLite database. */
    private Path scratch;

    @BeforeAll
    static void makeDatabases() {
        databases = new NoisyDatabases("interrupted", live);
    }

    @AfterAll
    static void dropDatabases() {
        databases.drop();
    }

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createDirectory(folder.resolve("scratch"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void aFullDiskEndsTheDump(String engine) {
        Installed.Answer answer = Installed.shell(dump(engine) + " > /dev/full");
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.OUTPUT.code());
        assertThat(answer.err()).contains("No space left on device").contains("\nhint: ");
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void aClosedStdoutEndsTheDump(String engine) {
        Installed.Answer answer =
                Installed.shell("{ " + dump(engine) + "; echo status $? >&2; } | head -c 100000 | wc -c");
        assertThat(answer.text().strip()).isEqualTo("100000");
        assertThat(answer.err())
                .contains("status " + ExitCode.OUTPUT.code())
                .contains("Broken pipe")
                .contains("\nhint: ");
        assertNothingLeft();
    }

    /** The copy of a SQLite database is cleared away by the next run: see the tests of its source. */
    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    void aKilledReaderLeavesNoChildren(String engine) throws Exception {
        Path out = BackgroundRun.fifo(folder);
        BackgroundRun reader = new BackgroundRun("$READER --level 1 " + databases.source(engine) + " > " + out, folder);
        try (var read = Files.newInputStream(out)) {
            read.readNBytes(300_000);
            assertThat(databases.clients()).isNotEmpty();
            reader.signal("KILL");
            assertThat(reader.await()).isEqualTo(137);
        }
        awaitNoClients();
    }

    @ParameterizedTest
    @CsvSource({"mariadb, mariadb-dump", "postgresql, pg_dump"})
    void aNativeDumpThatIsKilledLeavesAStreamThatSaysSo(String engine, String program) throws Exception {
        Path out = BackgroundRun.fifo(folder);
        BackgroundRun reader = new BackgroundRun("$READER --level 1 " + databases.source(engine) + " > " + out, folder);
        byte[] rest;
        try (var read = Files.newInputStream(out)) {
            read.readNBytes(300_000);
            reader.killChild(program);
            rest = read.readAllBytes();
        }
        assertThat(reader.await()).as(reader.stderr()).isEqualTo(ExitCode.DUMP_FAILED.code());
        assertThat(reader.stderr())
                .contains("exit status 137")
                .contains("\nhint: ")
                .hasLineCount(2);
        String end =
                new String(rest, Math.max(0, rest.length - 1000), Math.min(1000, rest.length), StandardCharsets.UTF_8);
        assertThat(end).contains("BPS1A").contains("exit status 137").endsWith("\"}");
        assertThat(databases.clients()).isEmpty();
    }

    /** The limit stands for a full disk; the copy of a SQLite database would not get past it either. */
    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql"})
    void anOutputFileAppearsOnlyWhenItIsComplete(String engine) throws IOException {
        Path file = Files.createDirectory(folder.resolve("dumps")).resolve("dump.sql.zst");
        String complete = dump(engine) + " --output " + file;
        Installed.Answer failed = Installed.shell("ulimit -f 2000; trap '' XFSZ; " + complete);
        assertThat(failed.status()).as(failed.err()).isEqualTo(ExitCode.OUTPUT.code());
        assertThat(file.getParent()).isEmptyDirectory();
        assertThat(Installed.shell(complete).status()).isZero();
        assertThat(Programs.run("stat", "-c", "%a", file.toString()).orFail().strip())
                .isEqualTo("600");
        assertThat(Installed.shell("$WRITER verify < " + file).status()).isZero();
        assertNothingLeft();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void aTruncatedInputLeavesTheLiveDatabaseAlone(String engine) throws IOException {
        String before = databases.state(engine);
        Installed.Answer answer = Installed.shell(
                "set +o pipefail; " + dump(engine) + " | head -c 5000000 | $WRITER " + databases.connection(engine));
        assertThat(answer.status()).as(answer.err()).isEqualTo(ExitCode.TRUNCATED_STREAM.code());
        assertThat(answer.err()).contains("ends within a block");
        assertThat(databases.state(engine)).isEqualTo(before);
        assertNothingLeft();
    }

    private String dump(String engine) {
        return "JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=" + scratch + " $READER --level 1 " + databases.source(engine);
    }

    private void assertNothingLeft() {
        assertThat(databases.clients()).isEmpty();
        assertThat(scratch).isEmptyDirectory();
    }

    private static void awaitNoClients() throws InterruptedException {
        for (int i = 0; i < 100 && !databases.clients().isEmpty(); i++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        assertThat(databases.clients()).isEmpty();
    }
}
