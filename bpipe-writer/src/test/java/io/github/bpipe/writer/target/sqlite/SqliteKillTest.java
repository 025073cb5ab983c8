package io.github.bpipe.writer.target.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A writer that dies by SIGKILL at a step: the live database is the old or the new one, and the next run tidies up. */
class SqliteKillTest extends SqliteCase {
    private static final int KILLED = 137;

    @ParameterizedTest
    @CsvSource({
        "CHECKED, false",
        "JOURNAL_WRITTEN, false",
        "DETACHED, false",
        "FORMER_SAFE, false",
        "SWITCHED, true",
        "FORMER_NAMED, true"
    })
    void duringARename(SqliteStep step, boolean switched) throws IOException {
        makeLive("wal");
        kill(step);
        assertOutcome(switched, "wal");
    }

    @ParameterizedTest
    @CsvSource({
        "wal, FORMER_SAFE, false",
        "wal, OVERWRITING, false",
        "wal, SWITCHED, true",
        "wal, FORMER_NAMED, true",
        "delete, FORMER_SAFE, false",
        "delete, OVERWRITING, false",
        "delete, SWITCHED, true"
    })
    void whileItIsInUse(String journalMode, SqliteStep step, boolean switched) throws IOException {
        makeLive(journalMode);
        try (SqliteUser user = new SqliteUser(live, "SELECT count(*) FROM sqlite_schema")) {
            kill(step);
            assertThat(user.ask("SELECT count(*) FROM sqlite_schema WHERE name = 'was_live'"))
                    .isEqualTo(switched ? "0" : "1");
        }
        assertOutcome(switched, switched ? "wal" : journalMode);
    }

    @Test
    void anInPlaceRestoreIsRepeated() throws IOException {
        makeLive("wal");
        kill(SqliteStep.CHECKED, "in-place");
        SqliteFormer operations = new SqliteFormer(live.toString(), Duration.ofSeconds(1));
        assertThat(live).doesNotExist();
        assertThat(operations.status().halfRestored()).isTrue();
        assertThat(operations.status().leftovers()).isNotEmpty();
        new SqliteRestore(plain, live).inPlace().run();
        assertThat(SqliteFingerprint.of(live)).isEqualTo(restored);
        assertThat(operations.status().halfRestored()).isFalse();
    }

    @Test
    void aFinishedInPlaceRestoreIsNotCalledHalf() throws IOException {
        makeLive("wal");
        kill(SqliteStep.SWITCHED, "in-place");
        assertThat(SqliteFingerprint.of(live)).isEqualTo(restored);
        assertThat(new SqliteFormer(live.toString(), Duration.ofSeconds(1))
                        .status()
                        .halfRestored())
                .isFalse();
    }

    private void assertOutcome(boolean switched, String journalMode) throws IOException {
        assertThat(SqliteFingerprint.of(live)).isEqualTo(switched ? restored : old);
        // any next run tidies up, also one that does not get far
        try (SqliteTarget next = new SqliteRestore(plain, live).noKeep().target()) {
            next.prepare(new SqliteRestore(plain, live).header());
        }
        assertThat(SqliteFingerprint.of(live)).isEqualTo(switched ? restored : old);
        assertThat(SqliteFingerprint.journalMode(live)).isEqualTo(journalMode);
        if (switched) {
            assertThat(files()).containsExactlyInAnyOrder(live, paths.former(), paths.formerRecord());
            assertThat(SqliteFingerprint.of(paths.former())).isEqualTo(old);
            assertThat(new SqliteFormer(live.toString(), Duration.ofSeconds(1))
                            .status()
                            .former())
                    .isNotNull();
        } else {
            assertThat(files()).containsExactly(live);
        }
    }

    private void makeLive(String journalMode) {
        AwkwardSqlite.create(live, 4096, "UTF-8", journalMode, 0);
        AwkwardSqlite.sql(live, "CREATE TABLE was_live (v)", "INSERT INTO was_live VALUES ('precious')");
        old = SqliteFingerprint.of(live);
    }

    private void kill(SqliteStep step, String... more) {
        List<String> command = Stream.concat(
                        Stream.of(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SqliteRestore.class.getName(),
                                plain.toString(),
                                live.toString(),
                                step.name()),
                        Stream.of(more))
                .toList();
        Programs.Answer answer = Programs.run(command, Map.of(), new byte[0]);
        assertThat(answer.status()).as(answer.err()).isEqualTo(KILLED);
    }
}
