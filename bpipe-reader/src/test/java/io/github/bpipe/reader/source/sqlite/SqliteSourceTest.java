package io.github.bpipe.reader.source.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.Collation;

/** What comes through, and what is said about it. */
class SqliteSourceTest extends SqliteCase {
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
    void aCollationOfTheApplicationsOwnIsCarried() throws Exception {
        makeMine();
        assertThat(warnings(live)).containsExactly("table t is carried unchecked: no such collation sequence: mine");
        assertMineComesThrough();
    }

    /** Where many pages are free they would be left behind, but not without the collation. */
    @Test
    void aCollationOfTheApplicationsOwnIsCarriedWithFreePages() throws Exception {
        makeMine();
        fill(live, 200);
        AwkwardSqlite.sql(live, "DROP TABLE filler");
        assertThat(Files.size(plain(dump(live)))).isEqualTo(Files.size(live));
        assertMineComesThrough();
    }

    @Test
    void manyFreePagesAreLeftBehind() throws IOException {
        AwkwardSqlite.create(live);
        long used = Files.size(live);
        fill(live, 200);
        AwkwardSqlite.sql(live, "DROP TABLE filler");
        Path copy = plain(dump(live));
        assertThat(SqliteFingerprint.of(copy)).isEqualTo(SqliteFingerprint.of(live));
        assertThat(Files.size(live)).isGreaterThan(used + 200_000);
        assertThat(Files.size(copy)).isLessThan(used + 10_000);
    }

    /** {@code VACUUM} may number such rows anew. */
    @Test
    void rowidsThatNoColumnNamesStay() throws IOException {
        AwkwardSqlite.sql(
                live,
                "CREATE TABLE t (a)",
                "INSERT INTO t (rowid, a) VALUES (5, 'five'), (9000000000, 'many'), (-7, 'few')");
        fill(live, 200);
        assertThat(rowids()).isEqualTo("-7,5,9000000000");
        AwkwardSqlite.sql(live, "DELETE FROM filler");
        assertThat(rowids()).isEqualTo("-7,5,9000000000");
    }

    private String rowids() throws IOException {
        return SqliteFingerprint.text(
                plain(dump(live)), "SELECT group_concat(rowid) FROM (SELECT rowid FROM t ORDER BY 1)");
    }

    /** Rows of 1,000 bytes that can be dropped again. */
    private static void fill(Path database, int rows) {
        AwkwardSqlite.sql(
                database,
                "CREATE TABLE IF NOT EXISTS filler (a)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows + ")"
                        + " INSERT INTO filler SELECT randomblob(1000) FROM n");
    }

    private void makeMine() throws Exception {
        try (Connection connection = AwkwardSqlite.open(live);
                Statement statement = connection.createStatement()) {
            Collation.create(connection, "mine", new Reversed());
            statement.execute("CREATE TABLE t (a TEXT COLLATE mine, wide DEFAULT 'much wider than the index')");
            statement.execute("CREATE INDEX i ON t (a)");
            statement.execute("CREATE TABLE u (b)");
            statement.execute("INSERT INTO t (a) VALUES ('x'), ('y'), ('z')");
            statement.execute("INSERT INTO u VALUES (1)");
        }
    }

    private void assertMineComesThrough() throws Exception {
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

    private static final class Reversed extends Collation {
        @Override
        protected int xCompare(String a, String b) {
            return b.compareTo(a);
        }
    }

    private static SqliteProperties properties(Path stream) throws IOException {
        return Json.fromTree(decode(stream).header().properties(), SqliteProperties.class);
    }
}
