package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A stream with a fault is refused by name, and the live database stays as it is, with nothing beside it. */
class DamagedRestoreIT {
    private static final String DATABASE = "damaged";
    private static final String TABLE = "CREATE TABLE t (i int); INSERT INTO t VALUES (1), (2)";
    private static final byte[] LARGEST_LENGTH = {-1, -1, -1, -1};

    @TempDir
    private static Path folder;

    private static ThrowawayMariaDb mariaDb;
    private static ThrowawayPostgres postgres;
    private static Path sqlite;
    private static List<Live> lives;

    /** One live database, how to restore it, and what a change of it or a leftover would alter. */
    private record Live(String engine, byte[] stream, String[] connection, State state) {
        @Override
        public String toString() {
            return engine;
        }
    }

    private interface State {
        String read() throws IOException;
    }

    private interface Damage {
        byte[] of(byte[] stream);
    }

    private record Fault(String name, Damage damage, ExitCode code, String message) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static final List<Fault> FAULTS = List.of(
            new Fault("empty", good -> new byte[0], ExitCode.NOT_A_STREAM, "empty at byte 0"),
            new Fault("plain SQL", good -> bytes("CREATE TABLE x (i int);\n"), ExitCode.NOT_A_STREAM, "but text"),
            new Fault(
                    "another zstd file",
                    good -> Zstd.compress(bytes("CREATE TABLE x (i int);\n")),
                    ExitCode.NOT_A_STREAM,
                    "a zstd file of another program"),
            new Fault("cut in a block", good -> head(good, middle(good) + 60), ExitCode.TRUNCATED_STREAM, "at byte"),
            new Fault("without its trailer", good -> head(good, last(good)), ExitCode.TRUNCATED_STREAM, "at byte"),
            new Fault("trailing byte", good -> join(good, bytes("x")), ExitCode.DAMAGED_STREAM, "after the trailer"),
            new Fault("flipped bit", DamagedRestoreIT::flipped, ExitCode.DAMAGED_STREAM, "at byte"),
            new Fault("newer version", good -> put(good, 11, (byte) '2'), ExitCode.UNSUPPORTED_STREAM, "version 2"),
            new Fault(
                    "header of 4 GiB",
                    good -> put(good, 4, LARGEST_LENGTH),
                    ExitCode.DAMAGED_STREAM,
                    "a frame of 4294967295 bytes"),
            new Fault(
                    "block of 4 GiB",
                    good -> put(good, middle(good) + 4, LARGEST_LENGTH),
                    ExitCode.DAMAGED_STREAM,
                    "a frame of 4294967295 bytes"),
            new Fault(
                    "aborted",
                    good -> join(head(good, middle(good)), abortFrame()),
                    ExitCode.ABORTED_STREAM,
                    "unknown engine oracle"));

    @BeforeAll
    static void makeStreams() throws IOException {
        mariaDb = ThrowawayMariaDb.shared();
        mariaDb.sql("", "CREATE DATABASE " + DATABASE);
        mariaDb.sql(DATABASE, TABLE);
        postgres = ThrowawayPostgres.shared();
        postgres.sql("postgres", "CREATE DATABASE " + DATABASE);
        postgres.sql(DATABASE, TABLE);
        sqlite = Files.createDirectory(folder.resolve("live")).resolve("app.db");
        AwkwardSqlite.create(sqlite);
        lives = List.of(
                live(
                        "mariadb",
                        DATABASE,
                        () -> mariaDb.sql("", "CHECKSUM TABLE " + DATABASE + ".t; SHOW DATABASES"),
                        "--socket=" + mariaDb.socket(),
                        "--user=root"),
                live(
                        "postgresql",
                        DATABASE,
                        () -> postgres.sql(DATABASE, "SELECT oid, datname FROM pg_database ORDER BY 1; TABLE t"),
                        "--socket=" + postgres.socketFolder(),
                        "--user=postgres",
                        "--clients=" + postgres.programs()),
                live("sqlite", sqlite.toString(), () -> files() + "\n" + SqliteFingerprint.of(sqlite)));
    }

    @AfterAll
    static void dropDatabases() {
        mariaDb.sql("", "DROP DATABASE " + DATABASE);
        postgres.sql("postgres", "DROP DATABASE " + DATABASE);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("faultsOfEachEngine")
    void aFaultyStreamIsRefusedAndTheLiveDatabaseUntouched(Live live, Fault fault) throws IOException {
        String before = live.state().read();
        Installed.Answer answer = Installed.writer(fault.damage().of(live.stream()), live.connection());
        assertThat(answer.status()).as(answer.err()).isEqualTo(fault.code().code());
        assertThat(answer.err())
                .startsWith("bpipe-writer: error: ")
                .contains(fault.message())
                .contains("\nhint: ")
                .hasLineCount(2);
        assertThat(answer.out()).isEmpty();
        assertThat(live.state().read()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aStreamOfAnotherEngineIsRefused(Live live) throws IOException {
        String before = live.state().read();
        List<String> arguments = new ArrayList<>(List.of(live.connection()));
        arguments.add("--engine=" + (live.engine().equals("sqlite") ? "mariadb" : "sqlite"));
        Installed.Answer answer = Installed.writer(live.stream(), arguments.toArray(String[]::new));
        assertThat(answer.status()).isEqualTo(ExitCode.WRONG_ENGINE.code());
        assertThat(answer.err()).contains("the stream comes from " + live.engine());
        assertThat(live.state().read()).isEqualTo(before);
    }

    private static Stream<Live> engines() {
        return lives.stream();
    }

    private static Stream<Object[]> faultsOfEachEngine() {
        return lives.stream().flatMap(live -> FAULTS.stream().map(fault -> new Object[] {live, fault}));
    }

    private static Live live(String engine, String database, State state, String... connection) {
        List<String> arguments = new ArrayList<>(List.of("--engine=" + engine, "--database=" + database));
        arguments.addAll(List.of(connection));
        Installed.Answer dump = Installed.reader(arguments.toArray(String[]::new));
        assertThat(dump.status()).as(dump.err()).isZero();
        return new Live(engine, dump.out(), connection, state);
    }

    private static List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(sqlite.getParent())) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    /** A stream that says why it is none. */
    private static byte[] abortFrame() {
        return Installed.reader("--engine=oracle", "--database=x").out();
    }

    private static byte[] flipped(byte[] good) {
        int at = last(good) - 60;
        return put(good, at, (byte) (good[at] ^ 1));
    }

    /** Where the frame before the last block begins. */
    private static int middle(byte[] good) {
        return frame(good, 'B', good.length);
    }

    /** Where the trailer begins. */
    private static int last(byte[] good) {
        return frame(good, 'T', good.length);
    }

    private static int frame(byte[] good, char kind, int before) {
        byte[] sign = bytes("BPS1" + kind);
        for (int i = before - sign.length; i > 0; i--) {
            if (Arrays.equals(good, i, i + sign.length, sign, 0, sign.length)) {
                // magic and length stand before it
                return i - 8;
            }
        }
        throw new AssertionError("no frame " + kind);
    }

    private static byte[] put(byte[] good, int at, byte... values) {
        byte[] changed = good.clone();
        System.arraycopy(values, 0, changed, at, values.length);
        return changed;
    }

    private static byte[] head(byte[] good, int length) {
        return Arrays.copyOf(good, length);
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
