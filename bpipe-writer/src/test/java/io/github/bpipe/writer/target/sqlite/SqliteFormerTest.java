package io.github.bpipe.writer.target.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** The database that a restore replaced: back, forward again, and never lost unasked. */
class SqliteFormerTest extends SqliteCase {
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
}
