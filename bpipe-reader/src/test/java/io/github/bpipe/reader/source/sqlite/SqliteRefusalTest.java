package io.github.bpipe.reader.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What is no database, or none that can be dumped, is refused before the first byte. */
class SqliteRefusalTest extends SqliteCase {
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
        assertFails(() -> dump(live), ExitCode.UNSUITABLE, "damaged");
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aFileThatWasCutOffIsNamedItself() throws IOException {
        AwkwardSqlite.create(live);
        try (RandomAccessFile file = new RandomAccessFile(live.toFile(), "rw")) {
            file.setLength(3 * 4096);
        }
        assertFails(() -> dump(live), ExitCode.UNSUITABLE, live + " is damaged");
        assertThat(scratch).isEmptyDirectory();
    }

    /** A copy holds an index as it is, so that a wrong one would come through, and {@code quick_check} does not see it. */
    @Test
    void anIndexThatIsNotThatOfItsTableIsRefused() {
        AwkwardSqlite.sql(
                live,
                "CREATE TABLE t (a INTEGER PRIMARY KEY, b)",
                "INSERT INTO t VALUES (1, 10), (2, 20), (3, 30)",
                "CREATE INDEX i ON t (b)",
                "CREATE TABLE hidden AS SELECT * FROM sqlite_schema WHERE name = 'i'",
                "PRAGMA writable_schema = 1",
                "DELETE FROM sqlite_schema WHERE name = 'i'");
        AwkwardSqlite.sql(
                live,
                "UPDATE t SET b = 21 WHERE a = 2",
                "PRAGMA writable_schema = 1",
                "INSERT INTO sqlite_schema SELECT * FROM hidden",
                "PRAGMA writable_schema = 0",
                "DROP TABLE hidden");
        assertThat(SqliteFingerprint.text(live, "PRAGMA quick_check")).isEqualTo("ok");
        assertFails(() -> dump(live), ExitCode.UNSUITABLE, "is damaged: row 2 missing from index i");
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

    /** The writer waits for the first reader, and lets no second one in: the copy is one. */
    @Test
    void aDatabaseThatIsLockedBeforeTheCopyIsBusy() throws Exception {
        AwkwardSqlite.create(live);
        try (Connection reader = AwkwardSqlite.open(live);
                Connection writer = AwkwardSqlite.open(live);
                SqliteSnapshot snapshot = new SqliteSnapshot(live, List.of(scratch), Duration.ofMillis(300))) {
            reader.createStatement().execute("BEGIN");
            reader.createStatement()
                    .executeQuery("SELECT count(*) FROM sqlite_schema")
                    .close();
            writer.createStatement().execute("PRAGMA busy_timeout = 0");
            writer.createStatement().execute("BEGIN IMMEDIATE");
            writer.createStatement().execute("INSERT INTO gaps VALUES ('waits')");
            assertThatThrownBy(() -> writer.createStatement().execute("COMMIT")).hasMessageContaining("locked");
            assertFails(() -> snapshot.take(reader), ExitCode.BUSY, live + ": database is locked");
        }
        assertThat(scratch).isEmptyDirectory();
    }

    @Test
    void aHalfRestoredDatabaseIsRefused() throws IOException {
        AwkwardSqlite.create(live);
        Path work = Files.createDirectory(folder.resolve(".live.db.bpipe"));
        Files.writeString(work.resolve("in-place"), "in-place restore");
        assertFails(() -> open(live), ExitCode.UNSUITABLE, "half restored");
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
    void aDiskThatFillsMeanwhileIsSaid() throws Exception {
        assertThat(Programs.root())
                .as("this test mounts a tmpfs: run it as root")
                .isTrue();
        large(300);
        Path small = Files.createDirectory(folder.resolve("small"));
        long bytes = Files.size(live) + (4 << 20);
        Programs.run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "none", small.toString())
                .orFail();
        try (SqliteSource source = new SqliteSource(live, List.of(small), Duration.ZERO)) {
            CompletableFuture<Throwable> opening = CompletableFuture.supplyAsync(() -> catchThrowable(source::open));
            while (copyBytes(small) == 0 && !opening.isDone()) {
                Thread.onSpinWait();
            }
            // somebody else takes what was spare
            Files.write(small.resolve("other"), new byte[8 << 20]);
            Throwable failure = opening.get();
            assertFails(
                    () -> {
                        throw failure == null ? new AssertionError("there was room for everything") : failure;
                    },
                    ExitCode.SPACE,
                    "copy.db: ");
        } finally {
            Programs.run("umount", small.toString()).orFail();
        }
    }

    private static long copyBytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.endsWith("copy.db"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (UncheckedIOException e) {
            return 0;
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
                            SqliteRefusalTest.class.getName(),
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

    private void open(Path database) throws IOException {
        try (SqliteSource source = source(database)) {
            source.open();
        }
    }
}
