package io.github.bpipe.writer.target.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restore makes of the database and the files beside it. */
class SqliteTargetTest extends SqliteCase {
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
}
