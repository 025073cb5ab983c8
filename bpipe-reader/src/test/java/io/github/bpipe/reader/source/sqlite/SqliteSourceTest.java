package io.github.bpipe.reader.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.SourceFacts;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.Collation;

class SqliteSourceTest {
    @TempDir
    Path folder;

    private Path scratch;
    private Path live;

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createDirectory(folder.resolve("scratch"));
        live = folder.resolve("live.db");
    }

    @ParameterizedTest
    @CsvSource({"512, UTF-8, delete, 0", "65536, UTF-8, wal, 1", "4096, UTF-16le, wal, 2", "1024, UTF-16be, delete, 0"})
    void everythingComesThrough(int pageSize, String encoding, String journalMode, int autoVacuum) throws IOException {
        AwkwardSqlite.create(live, pageSize, encoding, journalMode, autoVacuum);
        Path stream = dump(live);

        assertThat(SqliteFingerprint.of(plain(stream))).isEqualTo(SqliteFingerprint.of(live));
        SqliteProperties properties = properties(stream);
        assertThat(properties.journalMode()).isEqualTo(journalMode);
        assertThat(properties.pageSize()).isEqualTo(pageSize);
        assertThat(properties.encoding()).isEqualTo(encoding);
        assertThat(properties.autoVacuum()).isEqualTo(autoVacuum);
        assertThat(properties.userVersion()).isEqualTo(-77);
        assertThat(properties.applicationId()).isEqualTo(1164203);
        assertThat(SqliteFingerprint.text(plain(stream), "SELECT count(*) FROM docs WHERE docs MATCH 'fox'"))
                .isEqualTo("2");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void objectsAreListedWithTheirRows() throws IOException {
        AwkwardSqlite.create(live);
        List<ObjectEntry> objects = decode(dump(live)).objects();
        assertThat(objects)
                .contains(
                        new ObjectEntry("keyed", "table", 3L, null),
                        new ObjectEntry("empty_one", "table", 0L, null),
                        new ObjectEntry("docs", "virtual table", null, null),
                        new ObjectEntry("docs_content", "table", 2L, null),
                        new ObjectEntry("watch", "trigger", null, null),
                        new ObjectEntry("view on view", "view", null, null),
                        new ObjectEntry("an index", "index", null, null));
    }

    @Test
    void bigRowsAndManyTablesComeThrough() throws Exception {
        try (Connection connection = AwkwardSqlite.open(live);
                Statement statement = connection.createStatement()) {
            statement.execute("BEGIN");
            for (int i = 0; i < 5000; i++) {
                statement.execute("CREATE TABLE t" + i + " (a)");
            }
            statement.execute("INSERT INTO t17 VALUES (randomblob(67108864))");
            statement.execute("COMMIT");
        }
        Path stream = dump(live);
        assertThat(SqliteFingerprint.of(plain(stream))).isEqualTo(SqliteFingerprint.of(live));
        assertThat(decode(stream).objects()).hasSize(5000);
    }

    @Test
    void uncommittedRowsStayOut() throws Exception {
        AwkwardSqlite.create(live, 4096, "UTF-8", "wal", 0);
        List<String> committed = SqliteFingerprint.of(live);
        try (Connection writer = AwkwardSqlite.open(live);
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            statement.execute("INSERT INTO gaps VALUES ('not committed')");
            assertThat(SqliteFingerprint.of(plain(dump(live)))).isEqualTo(committed);
            statement.execute("ROLLBACK");
        }
    }

    @ParameterizedTest
    @CsvSource({"wal", "delete"})
    void moneyIsNeitherMadeNorLost(String journalMode) throws Exception {
        AwkwardSqlite.sql(
                live,
                "PRAGMA journal_mode = " + journalMode,
                "CREATE TABLE account (id INTEGER PRIMARY KEY, cents INTEGER)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                        + " INSERT INTO account SELECT i, 100 FROM n");
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch busy = new CountDownLatch(20);
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> moveMoney(enough, busy));
        busy.await();
        for (int i = 0; i < 5; i++) {
            assertThat(SqliteFingerprint.text(plain(dump(live)), "SELECT sum(cents) FROM account"))
                    .isEqualTo("100000");
        }
        enough.set(true);
        writer.get();
    }

    @Test
    void anEmptyFileIsAnEmptyDatabase() throws IOException {
        Files.createFile(live);
        Path stream = dump(live);
        assertThat(SqliteFingerprint.text(plain(stream), "SELECT count(*) FROM sqlite_schema"))
                .isEqualTo("0");
        assertThat(warnings(live)).containsExactly(live + " holds no table at all");
    }

    @Test
    void oddPathsAndLinksAreFollowed() throws IOException {
        Path odd = Files.createDirectory(folder.resolve("a %20?b#c'd\"e;f&g=h \u00fc"))
                .resolve("x?mode=memory%41 #.db");
        AwkwardSqlite.create(odd, 4096, "UTF-8", "wal", 0);
        Path link = Files.createSymbolicLink(folder.resolve("link"), odd);
        assertThat(SqliteFingerprint.of(plain(dump(link)))).isEqualTo(SqliteFingerprint.of(odd));
        assertThat(folder).isDirectoryContaining("glob:**/live.db.zst");
    }

    @Test
    void aMissingSourceIsAnErrorAndNotCreated() {
        assertFails(() -> open(live), ExitCode.NO_DATABASE, "no file " + live);
        assertThat(live).doesNotExist();
    }

    @Test
    void whatIsNoDatabaseIsRefused() throws IOException {
        Files.writeString(live, "hello ".repeat(1000));
        assertFails(() -> open(live), ExitCode.UNSUITABLE, "file is not a database");
        assertFails(() -> open(folder), ExitCode.UNSUITABLE, "is not a file");
    }

    @Test
    void aDamagedDatabaseIsRefused() throws IOException {
        AwkwardSqlite.create(live);
        long pages = Files.size(live) / 4096;
        try (RandomAccessFile file = new RandomAccessFile(live.toFile(), "rw")) {
            for (long page = 5; page < pages; page++) {
                file.seek(page * 4096 + 100);
                file.write(new byte[3000]);
            }
        }
        assertFails(() -> open(live), ExitCode.UNSUITABLE, "damaged");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aLockedDatabaseIsBusy() throws Exception {
        AwkwardSqlite.create(live);
        try (Connection writer = AwkwardSqlite.open(live);
                Statement statement = writer.createStatement()) {
            statement.execute("BEGIN EXCLUSIVE");
            assertFails(() -> open(live), ExitCode.BUSY, "database is locked");
        }
    }

    @Test
    void aHalfRestoredDatabaseIsRefused() throws IOException {
        AwkwardSqlite.create(live);
        Path work = Files.createDirectory(folder.resolve(".live.db.bpipe"));
        Files.writeString(work.resolve("in-place"), "in-place restore");
        assertFails(() -> open(live), ExitCode.UNSUITABLE, "half restored");
    }

    @Test
    void aCollationOfTheApplicationsOwnIsCarried() throws Exception {
        try (Connection connection = AwkwardSqlite.open(live);
                Statement statement = connection.createStatement()) {
            Collation.create(connection, "mine", new Reversed());
            statement.execute("CREATE TABLE t (a TEXT COLLATE mine, wide DEFAULT 'much wider than the index')");
            statement.execute("CREATE INDEX i ON t (a)");
            statement.execute("CREATE TABLE u (b)");
            statement.execute("INSERT INTO t (a) VALUES ('x'), ('y'), ('z')");
            statement.execute("INSERT INTO u VALUES (1)");
        }
        assertThat(warnings(live)).hasSize(2).allMatch(warning -> warning.contains("no such collation sequence: mine"));
        Path copy = plain(dump(live));
        assertThat(decode(folder.resolve("live.db.zst")).objects())
                .contains(new ObjectEntry("t", "table", 3L, null), new ObjectEntry("u", "table", 1L, null));
        try (Connection connection = AwkwardSqlite.open(copy);
                Statement statement = connection.createStatement()) {
            Collation.create(connection, "mine", new Reversed());
            assertThat(statement.executeQuery("PRAGMA integrity_check").getString(1))
                    .isEqualTo("ok");
            assertThat(statement.executeQuery("SELECT group_concat(a) FROM t").getString(1))
                    .isEqualTo("z,y,x");
        }
    }

    @Test
    void anUnknownModuleLosesNothing() throws IOException {
        AwkwardSqlite.sql(
                live,
                "CREATE TABLE v_rows (a)",
                "INSERT INTO v_rows VALUES (1), (2)",
                "PRAGMA writable_schema = 1",
                "INSERT INTO sqlite_schema VALUES ('table', 'v', 'v', 0, 'CREATE VIRTUAL TABLE v USING nosuch(a)')");
        Path copy = plain(dump(live));
        assertThat(SqliteFingerprint.text(copy, "SELECT count(*) FROM v_rows")).isEqualTo("2");
        assertThat(SqliteFingerprint.text(copy, "SELECT sql FROM sqlite_schema WHERE name = 'v'"))
                .isEqualTo("CREATE VIRTUAL TABLE v USING nosuch(a)");
    }

    @Test
    void anotherUserNeedsTheRightToReadOrToWriteBeside() throws Exception {
        Path other = Files.createTempDirectory("bpipe-other");
        Path database = other.resolve("wal.db");
        AwkwardSqlite.create(database, 4096, "UTF-8", "wal", 0);
        Files.setPosixFilePermissions(other, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(asNobody(database)).contains("PRIVILEGE", "(as nobody)");
        Files.setPosixFilePermissions(database, PosixFilePermissions.fromString("rw-------"));
        assertThat(asNobody(database)).contains("PRIVILEGE", "cannot be read by nobody");
        Programs.run("rm", "-r", other.toString()).orFail();
    }

    /** Opens a source; run as another user by the test above. */
    public static void main(String[] args) throws IOException {
        try (SqliteSource source = new SqliteSource(Path.of(args[0]))) {
            source.open();
            System.out.println("opened");
        } catch (Failure e) {
            System.out.println(e.exitCode() + " " + e.getMessage());
        }
    }

    @Test
    void tooLittleRoomIsSaidBefore() throws IOException {
        assertThat(Programs.root())
                .as("this test mounts a tmpfs: run it as root")
                .isTrue();
        Path small = Files.createDirectory(folder.resolve("small"));
        Programs.run("mount", "-t", "tmpfs", "-o", "size=256k", "none", small.toString())
                .orFail();
        try {
            AwkwardSqlite.create(live);
            assertFails(() -> new SqliteSource(live, List.of(small), Duration.ZERO).open(), ExitCode.SPACE, "no room");
            // the second folder serves where the first has no room
            try (SqliteSource source = new SqliteSource(live, List.of(small, scratch), Duration.ZERO)) {
                source.open();
                assertThat(scratch).isNotEmptyDirectory();
            }
        } finally {
            Programs.run("umount", small.toString()).orFail();
        }
    }

    @Test
    void closeEndsARunningCopy() throws Exception {
        AwkwardSqlite.sql(
                live,
                "CREATE TABLE t (a, b)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
                        + " INSERT INTO t SELECT i, zeroblob(1000000) FROM n");
        SqliteSource source = source(live);
        CompletableFuture<Throwable> opening = CompletableFuture.supplyAsync(() -> failureOf(source::open));
        while (!Files.exists(scratch) || copies() == 0) {
            Thread.onSpinWait();
        }
        source.close();
        assertThat(opening.get()).isInstanceOf(IOException.class);
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void whatAKilledRunLeftIsRemoved() throws IOException {
        AwkwardSqlite.create(live);
        Path dead = Files.createDirectory(scratch.resolve(SqliteSnapshot.PREFIX + "123"));
        Files.writeString(dead.resolve("owner"), "bpipe process 1\n");
        Files.writeString(dead.resolve("copy.db"), "x");
        Path foreign = Files.createDirectory(scratch.resolve(SqliteSnapshot.PREFIX + "foreign"));
        Files.writeString(foreign.resolve("precious"), "x");
        try (SqliteSource living = source(live)) {
            living.open();
            dump(live);
            assertThat(dead).doesNotExist();
            assertThat(foreign.resolve("precious")).exists();
            assertThat(copies()).isEqualTo(1);
        }
    }

    private static final class Reversed extends Collation {
        @Override
        protected int xCompare(String a, String b) {
            return b.compareTo(a);
        }
    }

    private long copies() throws IOException {
        try (Stream<Path> files = Files.walk(scratch)) {
            return files.filter(file -> file.endsWith("copy.db")).count();
        } catch (java.io.UncheckedIOException e) {
            return 0;
        }
    }

    private static Throwable failureOf(ThrowingCallable call) {
        try {
            call.call();
            return null;
        } catch (Throwable e) {
            return e;
        }
    }

    private void moveMoney(AtomicBoolean enough, CountDownLatch busy) {
        try (Connection connection = AwkwardSqlite.open(live);
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = OFF");
            while (!enough.get()) {
                statement.execute("BEGIN IMMEDIATE");
                statement.execute("UPDATE account SET cents = cents - 7 WHERE id = abs(random()) % 1000 + 1");
                statement.execute(
                        "UPDATE account SET cents = cents + 7 * changes() WHERE id = abs(random()) % 1000 + 1");
                statement.execute("COMMIT");
                busy.countDown();
            }
        } catch (java.sql.SQLException e) {
            throw new AssertionError(e);
        }
    }

    private String asNobody(Path database) throws IOException {
        Path programs = Files.createTempDirectory("bpipe-programs");
        Files.setPosixFilePermissions(programs, PosixFilePermissions.fromString("rwxr-xr-x"));
        // our own class path is not for others to read
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(":")) {
            String copy = programs.resolve(String.valueOf(copies.size())).toString();
            Programs.run("cp", "-r", entry, copy + (entry.endsWith(".jar") ? ".jar" : ""))
                    .orFail();
            copies.add(copy + (entry.endsWith(".jar") ? ".jar" : ""));
        }
        try {
            return Programs.run(
                            "setpriv",
                            "--reuid=nobody",
                            "--clear-groups",
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            String.join(":", copies),
                            SqliteSourceTest.class.getName(),
                            database.toString())
                    .orFail();
        } finally {
            Programs.run("rm", "-r", programs.toString()).orFail();
        }
    }

    private static void assertFails(ThrowingCallable call, ExitCode code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.exitCode()).as(failure.getMessage()).isEqualTo(code);
            assertThat(failure).hasMessageContaining(message);
            assertThat(failure.hint()).isNotBlank();
        });
    }

    private SqliteSource source(Path database) {
        return new SqliteSource(database, List.of(scratch), Duration.ofSeconds(2));
    }

    private void open(Path database) throws IOException {
        try (SqliteSource source = source(database)) {
            source.open();
        }
    }

    private List<String> warnings(Path database) throws IOException {
        try (SqliteSource source = source(database)) {
            return source.open().warnings();
        }
    }

    private Path dump(Path database) throws IOException {
        Path stream = folder.resolve("live.db.zst");
        try (OutputStream out = Files.newOutputStream(stream);
                SqliteSource source = source(database);
                StreamEncoder encoder = new StreamEncoder(out, 1, 2, source::close)) {
            SourceFacts facts = source.open();
            encoder.header(new Header(
                    UUID.randomUUID(),
                    "full",
                    List.of(),
                    "test",
                    "sqlite",
                    database.toString(),
                    null,
                    Instant.now(),
                    facts.serverVersion(),
                    facts.clientVersion(),
                    facts.properties(),
                    facts.accounts(),
                    null,
                    facts.position()));
            ObjectLedger ledger = new ObjectLedger();
            long longest = source.dump(encoder, ledger);
            encoder.finish(ledger.entries(), longest);
        }
        return stream;
    }

    /** What the zstd program makes of it. */
    private Path plain(Path stream) {
        Path file = folder.resolve("plain.db");
        Programs.run(Programs.find("zstd", "zstd"), "-dqf", stream.toString(), "-o", file.toString())
                .orFail();
        return file;
    }

    private static StreamDecoder decode(Path stream) throws IOException {
        StreamDecoder decoder = new StreamDecoder(Files.newInputStream(stream));
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
                decompressor.decompress(block);
            }
        }
        return decoder;
    }

    private static SqliteProperties properties(Path stream) throws IOException {
        return Json.fromTree(decode(stream).header().properties(), SqliteProperties.class);
    }
}
