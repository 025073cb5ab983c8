package io.github.bpipe.reader.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The check in parts finds what SQLite's own check of the whole file finds, and no more. */
class SqliteVerdictTest extends SqliteCase {
    private static final int DAMAGES = 400;
    private static final int HEADER_BYTES = 100;

    private static final String[] SCHEMA = {
        "PRAGMA page_size = 1024",
        "CREATE TABLE gone AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
                + " SELECT randomblob(100) FROM n",
        "CREATE TABLE wide (id INTEGER PRIMARY KEY, a TEXT NOT NULL COLLATE NOCASE, b INTEGER, c REAL, d TEXT UNIQUE)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
                + " INSERT INTO wide SELECT i, 'Row ' || (i * 7919 % 1500), i % 13, i / 3.0, hex(i * 48271 % 65537) FROM n",
        "CREATE UNIQUE INDEX wide_a ON wide (a)",
        "CREATE INDEX wide_b ON wide (b)",
        "CREATE INDEX wide_ba ON wide (b, a)",
        "CREATE INDEX wide_c ON wide (c DESC)",
        "CREATE INDEX wide_part ON wide (c) WHERE b > 6",
        "CREATE INDEX wide_expression ON wide (substr(d, 2), b * 2)",
        "CREATE TABLE keyed (k TEXT, l INTEGER, v TEXT, PRIMARY KEY (k, l)) WITHOUT ROWID",
        "INSERT INTO keyed SELECT a, b, d FROM wide WHERE id < 300",
        "CREATE INDEX keyed_v ON keyed (v)",
        "CREATE TABLE \"5\" (id INTEGER PRIMARY KEY, v INTEGER NOT NULL CHECK (v < 9999)) STRICT",
        "INSERT INTO \"5\" SELECT id, b FROM wide WHERE id < 200",
        "CREATE INDEX five ON \"5\" (v)",
        "CREATE TABLE \"it's \"\"odd\"\"\" (v TEXT)",
        "INSERT INTO \"it's \"\"odd\"\"\" SELECT a FROM wide WHERE id < 200",
        "CREATE INDEX \"an \"\"odd\"\" one\" ON \"it's \"\"odd\"\"\" (v)",
        "CREATE TABLE long_rows (id INTEGER PRIMARY KEY AUTOINCREMENT, v BLOB)",
        "INSERT INTO long_rows (v) VALUES (randomblob(9000)), (zeroblob(5000)), (randomblob(20000))",
        "CREATE VIRTUAL TABLE docs USING fts5(title, body)",
        "INSERT INTO docs SELECT a, d || ' fox ' || b FROM wide WHERE id < 200",
        "CREATE VIEW v AS SELECT * FROM wide",
        "ANALYZE",
        "DROP TABLE gone"
    };

    @Test
    void randomDamageIsFoundByBothOrNeither() throws Exception {
        AwkwardSqlite.sql(live, SCHEMA);
        assertThat(Long.parseLong(SqliteFingerprint.text(live, "PRAGMA freelist_count")))
                .isPositive();
        byte[] sound = Files.readAllBytes(live);
        Path damaged = folder.resolve("damaged.db");
        Random random = new Random(20261121);
        int refused = 0;
        int byTheFullCheckAlone = 0;
        for (int i = 0; i < DAMAGES; i++) {
            byte[] bytes = sound.clone();
            int at = HEADER_BYTES + random.nextInt(bytes.length - HEADER_BYTES);
            bytes[at] ^= (byte) (1 + random.nextInt(255));
            Files.write(damaged, bytes);
            boolean expected = refusedAsAWhole(damaged, false);
            assertThat(refusedInParts(damaged)).as("byte at " + at).isEqualTo(expected);
            refused += expected ? 1 : 0;
            byTheFullCheckAlone += expected && !refusedAsAWhole(damaged, true) ? 1 : 0;
        }
        // else it would prove nothing
        assertThat(refused).isBetween(DAMAGES / 10, DAMAGES * 9 / 10);
        assertThat(byTheFullCheckAlone).isGreaterThan(DAMAGES / 20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"wide_a", "wide_b", "wide_ba", "wide_c", "wide_part", "wide_expression", "keyed_v", "five"})
    void oneWrongEntryOfAnyIndexIsFound(String index) throws IOException {
        AwkwardSqlite.sql(live, SCHEMA);
        behindTheBackOf(
                index,
                "UPDATE wide SET a = 'Other', b = 77, c = -1, d = 'other' WHERE id = 20",
                "UPDATE keyed SET v = 'other' WHERE k = 'Row 419'",
                "UPDATE \"5\" SET v = 77 WHERE id = 20");
        assertThat(SqliteFingerprint.text(live, "PRAGMA integrity_check")).contains("missing from index " + index);
        assertThatThrownBy(() -> verdict(live)).hasMessageContaining("missing from index " + index);
    }

    @Test
    void aSoundFileIsSoundAndStaysAsItIs() throws IOException {
        AwkwardSqlite.sql(live, SCHEMA);
        byte[] before = Files.readAllBytes(live);
        assertThat(verdict(live)).isEmpty();
        assertThat(Files.readAllBytes(live)).isEqualTo(before);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("live.db", "scratch");
    }

    @Test
    void aPageThatNobodyUsesIsFound() throws IOException {
        AwkwardSqlite.sql(live, SCHEMA);
        AwkwardSqlite.sql(live, "PRAGMA writable_schema = 1", "DELETE FROM sqlite_schema WHERE name = 'wide_b'");
        assertThatThrownBy(() -> verdict(live)).hasMessageContaining("never used");
    }

    @Test
    void anIndexOfFullTextThatIsNotThatOfItsRowsIsFound() {
        AwkwardSqlite.sql(live, SCHEMA);
        AwkwardSqlite.sql(live, "UPDATE docs_content SET c1 = 'hound' WHERE id = 7");
        assertThatThrownBy(() -> verdict(live))
                .hasMessageContaining("malformed inverted index for FTS5 table main.docs");
    }

    @Test
    void whatCannotBeCheckedIsNamedOnce() throws IOException {
        AwkwardSqlite.sql(live, SCHEMA);
        AwkwardSqlite.sql(
                live,
                "PRAGMA writable_schema = 1",
                "UPDATE sqlite_schema SET sql = replace(sql, 'NOCASE', 'mine') WHERE name = 'wide'",
                "UPDATE sqlite_schema SET sql = replace(sql, 'body', 'body, tokenize = mine') WHERE name = 'docs'");
        assertThat(verdict(live))
                .hasSize(2)
                .anyMatch(sentence -> sentence.startsWith("table wide is carried unchecked: no such collation"))
                .anyMatch(sentence -> sentence.startsWith("virtual table docs is carried unchecked: "));
        behindTheBackOf("keyed_v", "UPDATE keyed SET v = 'other' WHERE k = 'Row 419'");
        assertThatThrownBy(() -> verdict(live)).hasMessageContaining("missing from index keyed_v");
    }

    @Test
    @Timeout(60)
    void anEndedCheckIsNoVerdictAndEndsAtOnce() throws InterruptedException {
        // each row takes a tenth of a second
        AwkwardSqlite.sql(
                live,
                "PRAGMA ignore_check_constraints = 1",
                "CREATE TABLE slow (a INTEGER PRIMARY KEY, CHECK (length(hex(zeroblob(30000000 + a))) > 0))",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)"
                        + " INSERT INTO slow SELECT i FROM n");
        SqliteVerdict verdict = begin(live);
        List<Thread> threads = checking();
        verdict.close();
        assertThatThrownBy(verdict::await)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.INTERRUPTED));
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** The threads that check, as soon as one of them is at a part. */
    private static List<Thread> checking() {
        while (true) {
            Map<Thread, StackTraceElement[]> all = Thread.getAllStackTraces();
            if (all.values().stream()
                    .flatMap(Arrays::stream)
                    .anyMatch(frame -> frame.getClassName().equals("org.sqlite.core.NativeDB")
                            && frame.getMethodName().equals("step"))) {
                return all.keySet().stream()
                        .filter(thread -> thread.getName().startsWith("check "))
                        .toList();
            }
            Thread.onSpinWait();
        }
    }

    /** Changes rows in a way that one index does not learn of. */
    private void behindTheBackOf(String index, String... changes) {
        AwkwardSqlite.sql(
                live,
                "CREATE TABLE hidden AS SELECT * FROM sqlite_schema WHERE name = '" + index + "'",
                "PRAGMA writable_schema = 1",
                "DELETE FROM sqlite_schema WHERE name = '" + index + "'");
        AwkwardSqlite.sql(live, changes);
        AwkwardSqlite.sql(
                live,
                "PRAGMA writable_schema = 1",
                "INSERT INTO sqlite_schema SELECT * FROM hidden",
                "PRAGMA writable_schema = 0",
                "DROP TABLE hidden");
    }

    private static boolean refusedInParts(Path file) throws IOException {
        try {
            verdict(file);
            return false;
        } catch (Failure e) {
            assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(ExitCode.UNSUITABLE);
            return true;
        }
    }

    private static boolean refusedAsAWhole(Path file, boolean quick) throws SQLException {
        try (Connection connection = SqliteFile.open(file, Duration.ZERO)) {
            if (quick) {
                SqliteContents.checkStructure(connection);
            } else {
                SqliteContents.check(connection);
            }
            return false;
        } catch (SqliteContents.SqliteDamage e) {
            return true;
        } catch (SQLException e) {
            assertThat(SqliteFile.damaged(e)).as(e.getMessage()).isTrue();
            return true;
        }
    }

    private static List<String> verdict(Path file) throws IOException {
        try (SqliteVerdict verdict = begin(file)) {
            return verdict.await();
        }
    }

    private static SqliteVerdict begin(Path file) {
        return SqliteVerdict.begin(file, file, List.of(new ObjectEntry("wide", "table", 1500L, null)));
    }
}
