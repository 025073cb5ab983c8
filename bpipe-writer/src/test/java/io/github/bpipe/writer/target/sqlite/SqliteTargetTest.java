package io.github.bpipe.writer.target.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteTargetTest {
    private static final Duration PATIENT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    private Path data;
    private Path plain;
    private Path live;
    private SqlitePaths paths;
    private List<String> restored;
    private List<String> old;

    @BeforeEach
    void makeFiles() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        plain = folder.resolve("plain.db");
        live = data.resolve("live ?%41#'.db");
        paths = new SqlitePaths(live);
        AwkwardSqlite.create(plain);
        restored = SqliteFingerprint.of(plain);
    }

    @ParameterizedTest
    @CsvSource({"512, UTF-8, delete", "65536, UTF-8, wal", "4096, UTF-16le, wal", "1024, UTF-16be, delete"})
    void aMissingDatabaseIsCreated(int pageSize, String encoding, String journalMode) throws IOException {
        Files.delete(plain);
        AwkwardSqlite.create(plain, pageSize, encoding, "delete", 1);
        SwitchReport report =
                new SqliteRestore(plain, live).journalMode(journalMode).run();

        assertThat(report.live()).isEqualTo(live.toString());
        assertThat(report.former()).isNull();
        assertThat(SqliteFingerprint.of(live)).isEqualTo(SqliteFingerprint.of(plain));
        assertThat(SqliteFingerprint.journalMode(live)).isEqualTo(journalMode);
        assertThat(Files.getOwner(live).getName()).isEqualTo("nobody");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(live)))
                .isEqualTo("rw-r-----");
        assertThat(files()).containsExactly(live);
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete", "wal"})
    void anUnusedDatabaseIsReplacedAndKept(String journalMode) throws IOException {
        makeLive(journalMode, 4096);
        Programs.run("chown", "nobody:nogroup", live.toString()).orFail();
        Files.setPosixFilePermissions(live, PosixFilePermissions.fromString("rw-rw-r--"));
        Object inode = SqlitePaths.key(live);
        SwitchReport report = restore().journalMode("wal").run();

        assertThat(report.former()).isEqualTo(paths.former().toString());
        assertLive(restored);
        assertThat(SqliteFingerprint.journalMode(live)).isEqualTo("wal");
        assertThat(SqlitePaths.key(paths.former())).isEqualTo(inode);
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);
        assertThat(Files.getOwner(live).getName()).isEqualTo("nobody");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(live)))
                .isEqualTo("rw-rw-r--");
        assertThat(files()).containsExactlyInAnyOrder(live, paths.former(), paths.formerRecord());
    }

    @Test
    void aRollbackIsUndoneByAnother() throws IOException {
        makeLive("wal", 1024);
        restore().run();
        SqliteFormer operations = new SqliteFormer(live.toString(), PATIENT);
        assertThat(operations.status().replacedBy()).contains("of job 17");

        operations.rollback();
        assertLive(old);
        assertThat(SqliteFingerprint.journalMode(live)).isEqualTo("wal");
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(restored);
        operations.rollback();
        assertLive(restored);
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);

        operations.discard();
        assertThat(files()).containsExactly(live);
        assertFails(operations::rollback, ExitCode.NO_DATABASE, "no former database");
    }

    @Test
    void aRollbackWhileTheDatabaseIsInUseOverwritesIt() throws IOException {
        makeLive("wal", 4096);
        restore().journalMode("wal").run();
        try (SqliteUser user = new SqliteUser(live, "SELECT count(*) FROM sqlite_schema")) {
            new SqliteFormer(live.toString(), PATIENT).rollback();
            assertThat(user.ask("SELECT v FROM was_live")).isEqualTo("precious");
        }
        assertLive(old);
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(restored);
    }

    @Test
    void aFormerDatabaseIsNeverOverwrittenUnasked() throws IOException {
        makeLive("delete", 4096);
        restore().run();
        assertFails(() -> restore().run(), ExitCode.TARGET, "is still kept as");
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);
        restore().noKeep().run();
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);
        Files.delete(paths.formerRecord());
        assertFails(() -> restore().run(), ExitCode.TARGET, "not made by this program");
    }

    @Test
    void aReaderInWalModeKeepsItsSnapshot() throws IOException {
        makeLive("wal", 4096);
        try (SqliteUser reader = new SqliteUser(live, "BEGIN", "SELECT count(*) FROM was_live")) {
            SwitchReport report = restore().journalMode("wal").run();
            assertThat(reader.ask("SELECT v FROM was_live")).isEqualTo("precious");
            reader.ask("COMMIT");
            assertThat(reader.ask("SELECT count(*) FROM keyed")).isEqualTo("3");
            assertThat(report.former()).isNotNull();
        }
        assertLive(restored);
        assertThat(SqliteFingerprint.journalMode(live)).isEqualTo("wal");
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);
        assertThat(files()).containsExactlyInAnyOrder(live, paths.former(), paths.formerRecord());
    }

    @Test
    void whatIsCommittedInTheLastMomentIsInTheFormerDatabase() throws IOException {
        makeLive("wal", 4096);
        try (SqliteUser writer = new SqliteUser(live, "SELECT count(*) FROM was_live")) {
            restore()
                    .steps(step -> {
                        if (step == SqliteStep.FORMER_SAFE) {
                            ask(writer, "INSERT INTO was_live VALUES ('last moment')");
                        }
                    })
                    .run();
        }
        assertLive(restored);
        assertThat(SqliteFingerprint.text(paths.former(), "SELECT group_concat(v) FROM was_live"))
                .isEqualTo("precious,last moment");
    }

    @Test
    void anIdleUserSeesTheNewContentWithAnotherPageSize() throws IOException {
        makeLive("delete", 1024);
        try (SqliteUser user = new SqliteUser(live, "SELECT count(*) FROM was_live")) {
            restore().journalMode("wal").run();
            assertThat(user.ask("SELECT count(*) FROM keyed")).isEqualTo("3");
        }
        assertLive(restored);
        assertThat(SqliteFingerprint.journalMode(live)).isEqualTo("wal");
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);
    }

    @ParameterizedTest
    @CsvSource({
        "delete, 4096, BEGIN; SELECT * FROM was_live",
        "delete, 4096, BEGIN IMMEDIATE",
        "wal, 4096, BEGIN IMMEDIATE",
        "wal, 1024, SELECT * FROM was_live"
    })
    void whoeverBlocksTheSwitchIsNamed(String journalMode, int pageSize, String sql) throws IOException {
        makeLive(journalMode, pageSize);
        try (SqliteUser blocker = new SqliteUser(live, sql)) {
            assertFails(() -> restore().run(), ExitCode.BUSY, "process " + blocker.pid() + " (sqlite3)");
        }
        assertLive(old);
        assertThat(SqliteFingerprint.journalMode(live)).isEqualTo(journalMode);
        assertThat(files()).containsExactly(live);
    }

    @Test
    void aDatabaseOfSeveralNamesIsOverwrittenUnderAllOfThem() throws IOException {
        makeLive("delete", 4096);
        Path second = Files.createLink(folder.resolve("second.db"), live);
        restore().run();
        assertThat(SqliteFingerprint.of(second)).isEqualTo(restored);
        assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);
    }

    @Test
    void aLinkIsFollowedAndStays() throws IOException {
        makeLive("delete", 4096);
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), live);
        new SqliteRestore(plain, link).run();
        assertThat(link).isSymbolicLink();
        assertLive(restored);
    }

    @Test
    void aForeignWalIsNeverReplayed() throws IOException {
        makeLive("wal", 4096);
        Path wal = paths.companions().get(0);
        try (SqliteUser writer = new SqliteUser(live)) {
            ask(writer, "INSERT INTO was_live VALUES ('in the wal')");
            Files.copy(wal, folder.resolve("stale"));
        }
        Files.delete(live);
        Files.copy(folder.resolve("stale"), wal);
        restore().run();
        assertLive(restored);
        assertThat(files()).containsExactly(live);
    }

    @Test
    void garbageDoesNotStopARestoreAndIsKept() throws IOException {
        Files.writeString(live, "garbage".repeat(1000));
        Files.writeString(paths.companions().get(0), "old wal");
        SwitchReport report = restore().run();
        assertLive(restored);
        assertThat(report.warnings()).contains("what stood there was no readable database");
        assertThat(Files.readString(paths.former())).startsWith("garbage");
        assertThat(SqlitePaths.companionsOf(paths.former()).get(0)).hasContent("old wal");
    }

    @Test
    void anEmptyOrTruncatedDatabaseDoesNotStopARestore() throws IOException {
        Files.createFile(live);
        restore().noKeep().run();
        assertLive(restored);
        try (RandomAccessFile file = new RandomAccessFile(live.toFile(), "rw")) {
            file.setLength(5000);
        }
        restore().noKeep().run();
        assertLive(restored);
    }

    @ParameterizedTest
    @CsvSource({
        "DELETE FROM keyed WHERE k = 'b', table keyed has 2 rows, 3",
        "DROP TABLE empty_one, table empty_one is missing, 0",
        "DROP VIEW a_view, view a_view is missing, 0",
        "CREATE TABLE more (a), table more, 0"
    })
    void aStagedCopyThatIsNotAsPromisedIsRefused(String change, String message) throws IOException {
        makeLive("delete", 4096);
        List<ObjectEntry> promised = SqliteRestore.objects(plain);
        AwkwardSqlite.sql(plain, change);
        assertFails(() -> restore().promising(promised).run(), ExitCode.CHECK_FAILED, message);
        assertLive(old);
        assertThat(files()).containsExactly(live);
    }

    @Test
    void aDamagedStagedCopyIsRefused() throws IOException {
        makeLive("delete", 4096);
        List<ObjectEntry> promised = SqliteRestore.objects(plain);
        try (RandomAccessFile file = new RandomAccessFile(plain.toFile(), "rw")) {
            file.seek(4096 * 3);
            file.write(new byte[4096]);
        }
        assertFails(() -> restore().promising(promised).run(), ExitCode.CHECK_FAILED, "not what the stream promises");
        assertLive(old);
    }

    @Test
    void aHeaderOfSomethingElseIsRefused() throws IOException {
        Header good = restore().header();
        for (String properties : List.of("null", "{}", "{\"bytes\": \"x\"}", "[]")) {
            Header bad = new Header(
                    good.id(),
                    good.kind(),
                    good.requires(),
                    good.tool(),
                    good.engine(),
                    good.database(),
                    null,
                    good.created(),
                    "3",
                    "3",
                    Json.parse(properties.getBytes(StandardCharsets.UTF_8), JsonNode.class),
                    good.accounts(),
                    good.job(),
                    null);
            try (SqliteTarget target = restore().target()) {
                assertFails(() -> target.prepare(bad), ExitCode.DAMAGED_STREAM, "does not describe");
            }
        }
    }

    @Test
    void impossibleTargetsAreRefused() throws IOException {
        assertFails(() -> new SqliteRestore(plain, data).run(), ExitCode.TARGET, "is not a file");
        assertFails(() -> new SqliteRestore(plain, data.resolve("no/x.db")).run(), ExitCode.TARGET, "no folder");
        assertFails(() -> new SqliteRestore(plain, data.resolve("x.bpipe-old")).run(), ExitCode.TARGET, "uses itself");
        Path dangling = Files.createSymbolicLink(data.resolve("dangling"), data.resolve("nothing"));
        assertFails(() -> new SqliteRestore(plain, dangling).run(), ExitCode.TARGET, "leads nowhere");
        Files.createDirectory(paths.work());
        Files.writeString(paths.work().resolve("foreign"), "precious");
        assertFails(() -> restore().run(), ExitCode.TARGET, "not made by this program");
        assertThat(paths.work().resolve("foreign")).hasContent("precious");
    }

    @Test
    void twoWritersExcludeEachOther() throws IOException {
        try (SqliteTarget first = restore().target()) {
            first.prepare(restore().header());
            assertFails(() -> restore().run(), ExitCode.BUSY, "another run");
            assertThat(new SqliteFormer(live.toString(), PATIENT).status().busy())
                    .isTrue();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void anInPlaceRestoreThatFailsLeavesAMark() throws IOException {
        makeLive("wal", 4096);
        SqliteFormer operations = new SqliteFormer(live.toString(), PATIENT);
        try (SqliteTarget target = restore().inPlace().target()) {
            target.prepare(restore().header());
            assertThat(live).doesNotExist();
        }
        assertThat(operations.status().halfRestored()).isTrue();
        AwkwardSqlite.sql(live, "CREATE TABLE made_by_the_application (a)");
        assertThat(operations.status().halfRestored()).isTrue();

        assertFails(() -> restore().noReplace().run(), ExitCode.TARGET, "must not be replaced");
        Files.delete(live);
        assertFails(() -> restore().noReplace().run(), ExitCode.TARGET, "must not be replaced");
        assertThat(operations.status().halfRestored()).isTrue();
        assertThat(restore().inPlace().run().former()).isNull();
        assertLive(restored);
        assertThat(operations.status().halfRestored()).isFalse();
        assertThat(files()).containsExactly(live);
    }

    @Test
    void anInPlaceRestoreDoesNotRemoveADatabaseInUse() throws IOException {
        makeLive("delete", 4096);
        try (SqliteUser user = new SqliteUser(live, "SELECT count(*) FROM was_live")) {
            assertFails(() -> restore().inPlace().run(), ExitCode.BUSY, "process " + user.pid());
        }
        assertLive(old);
    }

    @Test
    void aFullDiskIsSaidBeforeOrEndsTheRestore() throws IOException {
        assertThat(Programs.root())
                .as("this test mounts a tmpfs: run it as root")
                .isTrue();
        Programs.run("mount", "-t", "tmpfs", "-o", "size=2m", "none", data.toString())
                .orFail();
        try {
            makeLive("delete", 4096);
            fill(900_000);
            assertFails(() -> restore().run(), ExitCode.SPACE, "the restore needs");
            Files.delete(data.resolve("ballast"));
            try (SqliteTarget target = restore().target()) {
                target.prepare(restore().header());
                fill(Files.getFileStore(data).getUsableSpace());
                assertFails(() -> restore().load(target), ExitCode.SPACE, "is full");
            }
            Files.delete(data.resolve("ballast"));
            assertLive(old);
            assertThat(files()).containsExactly(live);
        } finally {
            Programs.run("umount", data.toString()).orFail();
        }
    }

    private SqliteRestore restore() {
        return new SqliteRestore(plain, live);
    }

    private void makeLive(String journalMode, int pageSize) {
        AwkwardSqlite.sql(
                live,
                "PRAGMA page_size = " + pageSize,
                "PRAGMA journal_mode = " + journalMode,
                "CREATE TABLE was_live (v)",
                "INSERT INTO was_live VALUES ('precious')");
        old = SqliteFingerprint.of(live);
    }

    private void assertLive(List<String> expected) {
        assertThat(SqliteFingerprint.of(live)).isEqualTo(expected);
    }

    private void fill(long bytes) throws IOException {
        Files.write(data.resolve("ballast"), new byte[(int) bytes]);
    }

    private static void ask(SqliteUser user, String sql) {
        try {
            assertThat(user.ask(sql)).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.toList();
        }
    }

    static void assertFails(ThrowingCallable call, ExitCode code, String message) {
        org.assertj.core.api.Assertions.assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.exitCode()).as(failure.getMessage()).isEqualTo(code);
            assertThat(failure).hasMessageContaining(message);
            assertThat(failure.hint()).isNotBlank();
        });
    }
}
