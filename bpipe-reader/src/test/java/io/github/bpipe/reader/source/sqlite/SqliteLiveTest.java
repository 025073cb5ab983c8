package io.github.bpipe.reader.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.reader.source.SourceFacts;
import io.github.bpipe.reader.source.StreamFiles;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Others write to the database, or end the dump, while it runs. */
class SqliteLiveTest extends SqliteCase {
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
    void whatChangesAfterTheCopyStaysOut() throws IOException {
        AwkwardSqlite.create(live, 4096, "UTF-8", "wal", 0);
        List<String> before = SqliteFingerprint.of(live);
        Path stream = folder.resolve("stream");
        try (SqliteSource source = source(live)) {
            SourceFacts facts = source.open();
            AwkwardSqlite.sql(
                    live,
                    "CREATE TABLE late (a)",
                    "ALTER TABLE gaps ADD COLUMN late DEFAULT 5",
                    "DROP TABLE keyed",
                    "DELETE FROM strict_one");
            StreamFiles.dump(source, facts, Engine.SQLITE, stream, sink -> sink);
        }
        assertThat(SqliteFingerprint.of(plain(stream))).isEqualTo(before);
        assertThat(decode(stream).objects()).contains(new ObjectEntry("keyed", "table", 3L, null));
    }

    @Test
    void closeEndsARunningCopy() throws Exception {
        large(400);
        SqliteSource source = source(live);
        CompletableFuture<Throwable> opening = CompletableFuture.supplyAsync(() -> catchThrowable(source::open));
        while (!Files.exists(scratch) || copies() == 0) {
            Thread.onSpinWait();
        }
        source.close();
        assertThat(opening.get()).isInstanceOfSatisfying(Failure.class, failure -> assertThat(failure.exitCode())
                .isEqualTo(ExitCode.INTERRUPTED));
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
}
