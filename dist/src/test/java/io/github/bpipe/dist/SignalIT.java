package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGTERM and SIGINT in the middle of a dump and of a restore, with every engine. */
@Timeout(120)
class SignalIT {
    /** More than pipes and buffers hold, and well inside the stream. */
    private static final int PART = 4_000_000;

    @TempDir
    private static Path live;

    private static NoisyDatabases databases;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeDatabases() {
        databases = new NoisyDatabases("signalled", live);
    }

    @AfterAll
    static void dropDatabases() {
        databases.drop();
    }

    @ParameterizedTest
    @CsvSource({
        "mariadb, TERM, 143",
        "postgresql, TERM, 143",
        "sqlite, TERM, 143",
        "mariadb, INT, 130",
        "postgresql, INT, 130",
        "sqlite, INT, 130"
    })
    void aSignalEndsADumpThatSaysSoInItsStreamAndOnStderr(String engine, String signal, int status) throws Exception {
        Path out = BackgroundRun.fifo(folder);
        BackgroundRun reader = new BackgroundRun("$READER --level 1 " + databases.source(engine) + " > " + out, folder);
        byte[] rest;
        try (var read = Files.newInputStream(out)) {
            read.readNBytes(300_000);
            reader.signal(signal);
            rest = read.readAllBytes();
        }
        assertThat(reader.await()).isEqualTo(status);
        String end = "\"reason\":\"the dump was ended by a signal\",\"hint\":\"run it again\"}";
        // not the whole rest, which would be in the message
        byte[] last = Arrays.copyOfRange(rest, rest.length - end.length(), rest.length);
        assertThat(new String(last, StandardCharsets.UTF_8)).isEqualTo(end);
        assertThat(reader.stderr())
                .isEqualTo("bpipe-reader: error: the dump was ended by a signal\nhint: run it again\n");
        assertThat(databases.clients()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mariadb, TERM, 143",
        "postgresql, TERM, 143",
        "sqlite, TERM, 143",
        "mariadb, INT, 130",
        "postgresql, INT, 130",
        "sqlite, INT, 130"
    })
    void aSignalEndsARestoreAndNothingHasChanged(String engine, String signal, int status) throws Exception {
        Path stream = folder.resolve("stream");
        assertThat(Installed.shell("$READER --level 1 " + databases.source(engine) + " > " + stream)
                        .status())
                .isEqualTo(ExitCode.OK.code());
        String before = databases.state(engine);
        Path in = BackgroundRun.fifo(folder);
        BackgroundRun writer = new BackgroundRun("$WRITER " + databases.connection(engine) + " < " + in, folder);
        try (var out = Files.newOutputStream(in)) {
            out.write(Files.readAllBytes(stream), 0, PART);
            out.flush();
            writer.signal(signal);
            assertThat(writer.await()).isEqualTo(status);
        }
        assertThat(writer.stderr())
                .isEqualTo("bpipe-writer: error: the restore was ended by a signal\nhint: run it again\n");
        assertThat(databases.state(engine)).isEqualTo(before);
        assertThat(databases.clients()).isEmpty();
    }
}
