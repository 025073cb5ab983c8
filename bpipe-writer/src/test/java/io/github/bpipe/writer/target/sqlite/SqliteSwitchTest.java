package io.github.bpipe.writer.target.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The switch while other processes have the database open. */
class SqliteSwitchTest extends SqliteCase {
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
    void anInPlaceRestoreDoesNotRemoveADatabaseInUse() throws IOException {
        makeLive("delete", 4096);
        try (SqliteUser user = new SqliteUser(live, "SELECT count(*) FROM was_live")) {
            assertFails(() -> restore().inPlace().run(), ExitCode.BUSY, "process " + user.pid());
        }
        assertLive(old);
    }
}
