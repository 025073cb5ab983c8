package io.github.bpipe.writer.target.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A live database file, a plain one to restore over it, and what both hold. */
abstract class SqliteCase {
    static final Duration PATIENT = Duration.ofSeconds(10);

    @TempDir
    Path folder;

    /** Holds the live database and nothing else. */
    Path data;

    /** What is restored. */
    Path plain;

    Path live;
    SqlitePaths paths;
    List<String> restored;
    List<String> old;

    @BeforeEach
    void makeFiles() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        plain = folder.resolve("plain.db");
        live = data.resolve("live ?%41#'.db");
        paths = new SqlitePaths(live);
        AwkwardSqlite.create(plain);
        restored = SqliteFingerprint.of(plain);
    }

    SqliteRestore restore() {
        return new SqliteRestore(plain, live);
    }

    void makeLive(String journalMode, int pageSize) {
        AwkwardSqlite.sql(
                live,
                "PRAGMA page_size = " + pageSize,
                "PRAGMA journal_mode = " + journalMode,
                "CREATE TABLE was_live (v)",
                "INSERT INTO was_live VALUES ('precious')");
        old = SqliteFingerprint.of(live);
    }

    void assertLive(List<String> expected) {
        assertThat(SqliteFingerprint.of(live)).isEqualTo(expected);
    }

    List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.toList();
        }
    }

    static void assertFails(ThrowingCallable call, ExitCode code, String message) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.exitCode()).as(failure.getMessage()).isEqualTo(code);
            assertThat(failure).hasMessageContaining(message);
            assertThat(failure.hint()).isNotBlank();
        });
    }

    static void ask(SqliteUser user, String sql) {
        try {
            assertThat(user.ask(sql)).isEmpty();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
