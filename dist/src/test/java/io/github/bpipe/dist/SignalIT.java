package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SIGTERM and SIGINT in the middle of a dump and of a restore, with every engine. */
@Timeout(120)
class SignalIT {
    private static final String DATABASE = "signalled";
    /** More than pipes and buffers hold, and well inside the stream. */
    private static final int PART = 4_000_000;

    @TempDir
    private static Path live;

    private static ThrowawayMariaDb mariaDb;
    private static ThrowawayPostgres postgres;
    private static Path sqlite;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeDatabases() {
        mariaDb = ThrowawayMariaDb.shared();
        mariaDb.sql("", "CREATE DATABASE " + DATABASE);
        mariaDb.sql(
                DATABASE,
                "CREATE TABLE noise (id int PRIMARY KEY, a blob); INSERT INTO noise SELECT seq, RANDOM_BYTES(1000) FROM"
                        + " seq_1_to_10000");
        postgres = ThrowawayPostgres.shared();
        postgres.sql("postgres", "CREATE DATABASE " + DATABASE);
        postgres.sql(
                DATABASE,
                "CREATE TABLE noise AS SELECT i, (SELECT string_agg(md5(random()::text || i || j), '') FROM"
                        + " generate_series(1, 40) j) AS a FROM generate_series(1, 15000) i");
        sqlite = live.resolve("app.db");
        AwkwardSqlite.sql(
                sqlite,
                "CREATE TABLE noise (i INTEGER PRIMARY KEY, a BLOB)",
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 60000) INSERT INTO noise"
                        + " SELECT x, randomblob(1000) FROM c");
    }

    @AfterAll
    static void dropDatabases() {
        mariaDb.sql("", "DROP DATABASE " + DATABASE);
        postgres.sql("postgres", "DROP DATABASE " + DATABASE);
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
        Path out = fifo();
        Process reader = start("$READER --level 1 " + source(engine) + " > " + out);
        byte[] rest;
        try (var read = Files.newInputStream(out)) {
            read.readNBytes(300_000);
            signal(reader, signal);
            rest = read.readAllBytes();
        }
        assertThat(Installed.await(reader)).isEqualTo(status);
        String end = "\"reason\":\"the dump was ended by a signal\",\"hint\":\"run it again\"}";
        // not the whole rest, which would be in the message
        byte[] last = Arrays.copyOfRange(rest, rest.length - end.length(), rest.length);
        assertThat(new String(last, StandardCharsets.UTF_8)).isEqualTo(end);
        assertThat(stderr()).isEqualTo("bpipe-reader: error: the dump was ended by a signal\nhint: run it again\n");
        assertThat(clients()).isEmpty();
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
        assertThat(Installed.shell("$READER --level 1 " + source(engine) + " > " + stream)
                        .status())
                .isEqualTo(ExitCode.OK.code());
        String before = state(engine);
        Path in = fifo();
        Process writer = start("$WRITER " + connection(engine) + " < " + in);
        try (var out = Files.newOutputStream(in)) {
            out.write(Files.readAllBytes(stream), 0, PART);
            out.flush();
            signal(writer, signal);
            assertThat(Installed.await(writer)).isEqualTo(status);
        }
        assertThat(stderr()).isEqualTo("bpipe-writer: error: the restore was ended by a signal\nhint: run it again\n");
        assertThat(state(engine)).isEqualTo(before);
        assertThat(clients()).isEmpty();
    }

    private static String source(String engine) {
        String database = engine.equals("sqlite") ? sqlite.toString() : DATABASE;
        return "--engine=" + engine + " --database=" + database + " " + connection(engine);
    }

    private static String connection(String engine) {
        return switch (engine) {
            case "mariadb" -> "--socket=" + mariaDb.socket() + " --user=root";
            case "postgresql" ->
                "--socket=" + postgres.socketFolder() + " --user=postgres --clients=" + postgres.programs();
            default -> "";
        };
    }

    /** The live database, and what stands beside it. */
    private static String state(String engine) throws IOException {
        return switch (engine) {
            case "mariadb" -> mariaDb.sql("", "CHECKSUM TABLE " + DATABASE + ".noise; SHOW DATABASES");
            case "postgresql" ->
                postgres.sql(
                        DATABASE,
                        "SELECT oid, datname FROM pg_database ORDER BY 1;"
                                + " SELECT md5(string_agg(a, '' ORDER BY i)) FROM noise");
            default -> sqliteState();
        };
    }

    private static String sqliteState() throws IOException {
        try (Stream<Path> files = Files.list(live)) {
            List<Path> all = files.sorted().toList();
            return all + Programs.run("sha256sum", sqlite.toString()).orFail();
        }
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

    private String stderr() throws IOException {
        return Files.readString(folder.resolve("err"));
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
        String clients =
                "^\\S*(mariadb|mariadb-dump|psql|pg_dump) .*(" + mariaDb.socket() + "|" + postgres.socketFolder() + ")";
        return Programs.run("pgrep", "-af", clients).out().lines().toList();
    }
}
