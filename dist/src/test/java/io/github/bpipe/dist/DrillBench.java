package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Awkward databases of three engines, their profiles and streams, and a folder for drills in which nothing may be left. */
final class DrillBench {
    static final List<String> ENGINES = List.of("mariadb", "postgresql", "sqlite");

    private static final String DATABASE = "drilled one";

    private final ThrowawayMariaDb mariaDb = ThrowawayMariaDb.shared();
    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private final Path folder;
    private final Path drills;
    private final Path sqlite;

    /** @param folder of the profiles */
    DrillBench(Path folder) throws IOException {
        this.folder = folder;
        this.sqlite = Files.createDirectory(folder.resolve("live")).resolve("app.db");
        // where the servers' users can go, which the folders of tests do not let them
        this.drills = Files.createTempDirectory(Path.of("/var/tmp"), "bpipe-it-");
        Files.setPosixFilePermissions(drills, PosixFilePermissions.fromString("rwxr-xr-x"));
        AwkwardMariaDb.create(mariaDb, DATABASE);
        AwkwardPostgres.create(postgres, DATABASE);
        AwkwardSqlite.create(sqlite);
        for (String engine : ENGINES) {
            profile(engine, "SELECT 7 * 6", "42");
            Installed.Answer dump = run(Installed.READER, new byte[0], "--profile=" + engine);
            if (dump.status() != 0) {
                throw new AssertionError(dump.err());
            }
            Files.write(stream(engine), dump.out());
        }
    }

    void drop() throws IOException {
        mariaDb.sql("", "DROP DATABASE `" + DATABASE + "`");
        AwkwardPostgres.drop(postgres, DATABASE);
        AwkwardPostgres.dropRoles(postgres);
        Files.delete(drills);
    }

    /** Writes the profile of an engine, of the same name, with one check. */
    void profile(String engine, String sql, String expect) throws IOException {
        String where =
                switch (engine) {
                    case "mariadb" ->
                        "database: %s%nconnection: {socket: %s, user: root}%n".formatted(DATABASE, mariaDb.socket());
                    case "postgresql" ->
                        "database: %s%nconnection: {socket: %s, user: postgres, clients: %s}%n"
                                .formatted(DATABASE, postgres.socketFolder(), postgres.programs());
                    default -> "database: " + sqlite + "\n";
                };
        Files.writeString(
                folder.resolve(engine + ".yaml"),
                "engine: " + engine + "\n" + where + """
                        drill:
                          folder: %s
                          checks:
                            - {name: the answer, sql: "%s", expect: %s}
                        """.formatted(drills, sql, expect));
    }

    Path stream(String engine) {
        return folder.resolve(engine + ".zst");
    }

    /** Where drills work; empty while none does. */
    Path drills() {
        return drills;
    }

    Map<String, String> environment() {
        return Map.of("BPIPE_CONFIG_DIR", folder.toString(), RunFolder.VARIABLE, folder + "/state");
    }

    /** The reports of an engine's last drill. */
    Path report(String engine, String name) {
        return folder.resolve("state").resolve(engine).resolve(name);
    }

    Installed.Answer run(Path program, byte[] input, String... arguments) {
        return Installed.run(program, input, environment(), arguments);
    }

    /** Drills with the profile of an engine. */
    Installed.Answer drill(String engine, byte[] stream, String... more) {
        return run(
                Installed.WRITER,
                stream,
                Stream.concat(Stream.of("drill", "--profile=" + engine), Stream.of(more))
                        .toArray(String[]::new));
    }

    /** Everything that a drill could have changed where it must not, and the names beside it. */
    List<Object> live() throws IOException {
        try (Stream<Path> files = Files.list(sqlite.getParent())) {
            return List.of(
                    MariaDbFingerprint.of(mariaDb, DATABASE),
                    mariaDb.sql("", "SHOW DATABASES; SELECT user, host FROM mysql.user"),
                    PostgresFingerprint.of(postgres, DATABASE),
                    postgres.sql(
                            "postgres",
                            "SELECT oid, datname FROM pg_database ORDER BY 1; SELECT rolname FROM pg_roles"),
                    List.copyOf(SqliteFingerprint.of(sqlite)),
                    files.sorted().toList());
        }
    }

    /** What is left in the folder for drills. */
    List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(drills)) {
            return files.toList();
        }
    }

    /** Processes that work in the folder for drills. */
    Stream<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(process -> process.info()
                .commandLine()
                .filter(line -> line.contains(drills.toString()))
                .isPresent());
    }

    /** A whole stream that promises, in its blocks as in its list, one row more of one of its tables than it holds. */
    static byte[] withOneRowMore(byte[] good) throws IOException {
        ObjectEntry table = objects(good).stream()
                .filter(entry -> entry.kind().equals("table") && entry.rows() != null && entry.rows() > 0)
                .findFirst()
                .orElseThrow();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StreamDecoder decoder = new StreamDecoder(new ByteArrayInputStream(good));
        try (BlockDecompressor decompressor = new BlockDecompressor();
                StreamEncoder encoder = new StreamEncoder(out, 1, 1, () -> {})) {
            encoder.header(decoder.header());
            boolean forged = false;
            for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
                BlockHead head = block.head();
                decompressor.decompress(block);
                byte[] raw = Arrays.copyOf(
                        decompressor.buffer(), Math.max(decompressor.buffer().length, StreamFormat.BLOCK_BYTES));
                boolean here = !forged && head.rows() > 0 && table.name().equals(head.object());
                forged |= here;
                encoder.block(
                        head.phase(), head.object(), raw, head.raw(), head.rows() + (here ? 1 : 0), head.continues());
            }
            encoder.finish(
                    decoder.objects().stream()
                            .map(entry -> entry.equals(table)
                                    ? new ObjectEntry(table.name(), table.kind(), table.rows() + 1, table.raw())
                                    : entry)
                            .toList(),
                    decoder.trailer().longest());
        }
        return out.toByteArray();
    }

    private static List<ObjectEntry> objects(byte[] stream) throws IOException {
        StreamDecoder decoder = new StreamDecoder(new ByteArrayInputStream(stream));
        for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
            assertThat(block.head().raw()).isPositive();
        }
        return decoder.objects();
    }
}
