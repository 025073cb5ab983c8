package io.github.bpipe.reader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.StreamException;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole command lines, with what they print. */
class ReaderCommandTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private int run(String... arguments) {
        return ReaderCommand.run(
                new Surroundings(
                        InputStream.nullInputStream(),
                        out,
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        false,
                        false),
                arguments);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aStatementThatTheServerItselfWouldRefuseIsWarnedOf() {
        ThrowawayMariaDb small = ThrowawayMariaDb.startWith(List.of("--max-allowed-packet=16M"));
        try {
            small.sql("", "CREATE DATABASE packets");
            small.sql("packets", "CREATE TABLE t (a longblob); INSERT INTO t VALUES (REPEAT('x', 7000000))");
            String[] dump = {"--engine=mariadb", "--database=packets", "--socket=" + small.socket(), "--user=root"};

            assertThat(run(dump)).as(err()).isZero();
            assertThat(err()).isEmpty();

            // 10 MB, which --hex-blob writes as 20
            small.sql("packets", "INSERT INTO t VALUES (REPEAT('x', 10000000))");
            assertThat(run(dump)).as(err()).isZero();
            assertThat(err())
                    .matches("bpipe-reader: warning: the longest statement has 200000\\d\\d bytes, more than"
                            + " max_allowed_packet of the server \\(16777216\\): raise it, .*\n");
        } finally {
            small.stop(true);
        }
    }

    @Test
    void theSumOfASqliteDumpTellsItsRows() {
        Path database = folder.resolve("app.db");
        AwkwardSqlite.sql(database, "CREATE TABLE t (a)", "INSERT INTO t VALUES (1), (2), (3)");
        assertThat(run("--engine=sqlite", "--database=" + database, "--progress"))
                .as(err())
                .isZero();
        assertThat(err()).startsWith("bpipe-reader: complete: ").contains(", 3 rows, ");
    }

    @Test
    void tablesWithoutTransactionsAreRefusedUnlessAllAreAccepted() {
        ThrowawayMariaDb server = ThrowawayMariaDb.shared();
        server.sql("", "CREATE OR REPLACE DATABASE accepted");
        server.sql("accepted", "CREATE TABLE m1 (i int) ENGINE=MyISAM; CREATE TABLE `m 2` (i int) ENGINE=Aria");
        List<String> dump = List.of(
                "--engine=mariadb", "--database=accepted", "--socket=" + server.socket(), "--user=root", "--level=1");
        assertThat(run(dump, "--allow-inconsistent", "m1")).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(err()).contains("m 2 (Aria)").doesNotContain("m1 (");
        assertThat(run(dump, "--allow-inconsistent", "m1", "m 2")).as(err()).isZero();
        server.sql("", "DROP DATABASE accepted");
    }

    @Test
    void aFailureIsOneLineAHintAndNothingButTheReasonOnStdout() {
        String socket = folder.resolve("none").toString();
        List<List<String>> failing = List.of(
                List.of("--engine=mariadb", "--database=x", "--user=root", "--socket=" + socket),
                List.of("--engine=postgresql", "--database=x", "--user=postgres", "--socket=" + socket),
                List.of("--engine=sqlite", "--database=" + folder.resolve("none.db")),
                List.of("--engine=oracle", "--database=x"));
        for (List<String> arguments : failing) {
            out.reset();
            err.reset();
            int status = run(arguments);
            assertThat(status).isNotZero();
            assertThat(err())
                    .startsWith("bpipe-reader: error: ")
                    .contains("\nhint: ")
                    .hasLineCount(2);
            String reason = err().lines().findFirst().orElseThrow().substring("bpipe-reader: error: ".length());
            StreamDecoder decoder = new StreamDecoder(new ByteArrayInputStream(out.toByteArray()));
            assertThatThrownBy(decoder::header)
                    .isInstanceOf(StreamException.class)
                    .hasMessageContaining(reason)
                    .hasMessageContaining("at byte 0");
        }
    }

    private int run(List<String> arguments, String... more) {
        return run(Stream.concat(arguments.stream(), Stream.of(more)).toArray(String[]::new));
    }

    @Test
    void onlyWhatWasToPrintAStreamEndsItWithTheReason() {
        assertThat(run("--bogus", "check")).isEqualTo(ExitCode.USAGE.code());
        assertThat(out.size()).isZero();
        assertThat(run("--bogus", "--database=check")).isEqualTo(ExitCode.USAGE.code());
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("BPS1A").contains("nknown option");
    }
}
