package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresEncoding;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large tables are read by several sessions side by side, and nobody can tell from the contents. */
@Timeout(120)
class PostgresJobsTest {
    private static final String SOURCE = "jobs \"so'u\\rce";
    private static final String COPY = "jobs copy";
    private static final int JOBS = 3;

    /** Names that are patterns, keywords and ends of everything, and columns that are not in a COPY. */
    private static final String TABLES = """
            CREATE SCHEMA "a.b";
            CREATE TABLE t1 (id integer, "double" integer GENERATED ALWAYS AS (id * 2) STORED, gone text, "select" text,
              "co, l" text, day timestamptz, span interval, number double precision, b bytea);
            ALTER TABLE t1 DROP COLUMN gone;
            INSERT INTO t1 (id, "select", "co, l", day, span, number, b)
              SELECT i, E'\\\\.', repeat(E'x\\n\\t\\\\', 30), '2024-02-03 04:05:06+00', '1 mon 2 days', 1 / (i + 1.1), '\\x00ff'
              FROM generate_series(1, 3000) AS i;
            CREATE TABLE t2 AS SELECT i, 'kept with pg_dump' FROM generate_series(1, 3) AS i;
            CREATE TABLE "a.b"."t*" AS SELECT i, repeat('x', 100) FROM generate_series(1, 3000) AS i;
            CREATE TABLE "a.b"."tt" AS SELECT i, repeat('x', 10) FROM generate_series(1, 30) AS i;
            CREATE TABLE "Q""u;ot'e:x\\$(y)|[z]? --" AS SELECT i, repeat('x', 100) AS ":x" FROM generate_series(1, 3000) AS i;
            CREATE TABLE "new
            line" AS SELECT i, repeat('x', 100) AS "a
            b" FROM generate_series(1, 3000) AS i;
            CREATE TABLE "wölke" AS SELECT i, repeat('ö', 100) AS "ä" FROM generate_series(1, 3000) AS i;
            CREATE TABLE "order" AS SELECT i, repeat('x', 100) FROM generate_series(1, 3000) AS i;
            CREATE TABLE toasted AS SELECT i, (SELECT string_agg(md5(j::text || i), '') FROM generate_series(1, 9000) AS j) AS t
              FROM generate_series(1, 20) AS i;
            CREATE TABLE parent AS SELECT i, repeat('p', 100) AS t FROM generate_series(1, 30000) AS i;
            CREATE TABLE child (more integer) INHERITS (parent);
            INSERT INTO child SELECT i, repeat('c', 100), i FROM generate_series(1, 30000) AS i;
            CREATE TABLE parted (i integer, t text) PARTITION BY RANGE (i);
            CREATE TABLE parted_low PARTITION OF parted FOR VALUES FROM (MINVALUE) TO (2000);
            CREATE TABLE parted_high PARTITION OF parted FOR VALUES FROM (2000) TO (MAXVALUE);
            INSERT INTO parted SELECT i, repeat('x', 100) FROM generate_series(1, 4000) AS i;
            CREATE UNLOGGED TABLE unlogged AS SELECT i, repeat('x', 100) FROM generate_series(1, 3000) AS i;
            CREATE TABLE "(none)" ();
            INSERT INTO "(none)" SELECT FROM generate_series(1, 3000);
            """;

    /** Rows that find their partition anew when they are restored, since enums are hashed by their numbers. */
    private static final String HASHED = """
            CREATE TYPE mood AS ENUM ('low', 'high');
            CREATE TABLE moods (m mood, t text) PARTITION BY HASH (m);
            CREATE TABLE moods_0 PARTITION OF moods FOR VALUES WITH (MODULUS 2, REMAINDER 0);
            CREATE TABLE moods_1 PARTITION OF moods FOR VALUES WITH (MODULUS 2, REMAINDER 1);
            INSERT INTO moods SELECT CASE i % 2 WHEN 0 THEN 'low' ELSE 'high' END::mood, repeat('x', 100)
              FROM generate_series(1, 4000) AS i;
            """;

    private final ThrowawayPostgres server = ThrowawayPostgres.shared();

    @TempDir
    Path folder;

    @AfterEach
    void dropDatabases() {
        AwkwardPostgres.drop(server, SOURCE);
        AwkwardPostgres.drop(server, COPY);
    }

    @Test
    void theContentsAreThoseOfADumpByOneSession() throws IOException {
        createTables();
        PostgresDump dump = dump(JOBS, PostgresDump.LARGE);

        dump.restore(server, COPY);

        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
        assertThat(counts(dump)).isEqualTo(counts(dump(1, PostgresDump.LARGE)));
    }

    @Test
    void everythingAwkwardComesBackWhereEveryTableIsALargeOne() throws IOException {
        AwkwardPostgres.create(server, SOURCE);
        PostgresDump dump = dump(JOBS, 1);

        dump.restore(server, COPY);

        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
        assertThat(counts(dump)).isEqualTo(counts(dump(1, 1)));
    }

    @Test
    void headersAndRowsArePrintedAsPgDumpDoes() throws IOException {
        createTables();
        for (String setting : List.of(
                "\"DateStyle\" TO 'German'",
                "\"IntervalStyle\" TO 'iso_8601'",
                "extra_float_digits TO -15",
                "default_transaction_isolation TO serializable",
                "bytea_output TO escape")) {
            set(setting);
        }

        assertThat(copies(dump(JOBS, PostgresDump.LARGE))).isEqualTo(copies(dump(1, PostgresDump.LARGE)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"LATIN1", "SQL_ASCII", "EUC_JP"})
    void rowsAreInTheEncodingOfTheDump(String encoding) throws IOException {
        createDatabase(encoding);
        // bytes above 127 that are two letters in LATIN1 and one character in EUC_JP
        String beyond = "\u00c3\u00df";
        String sql = "SET client_encoding = '" + encoding + "';"
                + "CREATE TABLE plain AS SELECT i, repeat('" + beyond + "', 50) AS \"" + beyond
                + "\" FROM generate_series(1, 3000) AS i; CREATE TABLE \"" + beyond + "\" AS TABLE plain";
        server.psql(SOURCE, sql.getBytes(StandardCharsets.ISO_8859_1)).orFail();
        PostgresDump dump = dump(JOBS, PostgresDump.LARGE);

        dump.restore(server, COPY);

        assertThat(PostgresFingerprint.of(server, COPY)).isEqualTo(PostgresFingerprint.of(server, SOURCE));
        set("client_encoding TO 'UTF8'");
        assertThat(copies(dump(JOBS, PostgresDump.LARGE))).isEqualTo(copies(dump));
        assertThat(copies(dump(1, PostgresDump.LARGE))).isEqualTo(copies(dump));
        assertThat(readers().get("public.plain")).allMatch(PostgresJobsTest::isLane);
    }

    @Test
    void whatIsNotLargeOrNotPlainStaysWithPgDump() throws IOException {
        createTables();
        server.sql(SOURCE, HASHED);
        Map<String, Set<String>> readers = readers();

        assertThat(readers.keySet().stream()
                        .filter(object -> readers.get(object).stream().allMatch(PostgresJobsTest::isLane)))
                .containsExactlyInAnyOrder(
                        "public.t1",
                        "\"a.b\".\"t*\"",
                        "public.\"Q\"\"u;ot'e:x\\$(y)|[z]? --\"",
                        "public.\"new\nline\"",
                        "public.\"w\u00f6lke\"",
                        "public.\"order\"",
                        "public.toasted",
                        "public.parent",
                        "public.child",
                        "public.parted_low",
                        "public.parted_high");
        assertThat(readers.keySet().stream()
                        .filter(object -> readers.get(object).stream().noneMatch(PostgresJobsTest::isLane)))
                .containsExactlyInAnyOrder(
                        "public.t2", "\"a.b\".tt", "public.moods", "public.\"(none)\"", "public.unlogged");
    }

    @Test
    void aColumnThatIsAKeywordElsewhereIsQuotedForANewerServer() throws IOException {
        createDatabase("UTF8");
        server.sql(SOURCE, "CREATE TABLE t AS SELECT 1 AS system_user");
        try (SqlSession session = PostgresSnapshot.prepare(
                new PostgresClients(PostgresDump.connection(server, "postgres")).session(SOURCE))) {
            assertThat(PostgresLargeTable.find(session, PostgresEncoding.of("UTF8"), true, 1))
                    .singleElement()
                    .extracting(PostgresLargeTable::copyFrom)
                    .isEqualTo("COPY \"public\".\"t\" (\"system_user\") FROM stdin;\n");
        }
    }

    private void createDatabase(String encoding) {
        server.sql(
                "postgres",
                "CREATE DATABASE " + PostgresClients.identifier(SOURCE) + " TEMPLATE template0 ENCODING '" + encoding
                        + "' LC_COLLATE 'C' LC_CTYPE 'C'");
    }

    private void set(String setting) {
        server.sql("postgres", "ALTER DATABASE " + PostgresClients.identifier(SOURCE) + " SET " + setting);
    }

    private void createTables() {
        createDatabase("UTF8");
        server.sql(SOURCE, TABLES);
    }

    private PostgresDump dump(int jobs, long large) throws IOException {
        return PostgresDump.of(server, SOURCE, jobs, large, Files.createTempDirectory(folder, "dump"));
    }

    /** The threads that gave the blocks of data, by the object of the blocks. */
    private Map<String, Set<String>> readers() throws IOException {
        Map<String, Set<String>> readers = new HashMap<>();
        try (PostgresSource source = PostgresDump.source(server, SOURCE, JOBS, PostgresDump.LARGE)) {
            source.open();
            source.dump(
                    (phase, object, filled, length, rows, continues) -> {
                        if (phase == Phase.DATA) {
                            readers.computeIfAbsent(String.valueOf(object), key -> new HashSet<>())
                                    .add(Thread.currentThread().getName());
                        }
                        return filled;
                    },
                    new ObjectLedger());
        }
        return readers;
    }

    private static boolean isLane(String thread) {
        return thread.startsWith("bpipe-dump-");
    }

    private static Map<String, List<Long>> counts(PostgresDump dump) {
        return dump.objects().stream()
                .filter(entry -> entry.rows() != null)
                .collect(Collectors.toMap(
                        entry -> entry.kind() + " " + entry.name(), entry -> List.of(entry.rows(), entry.raw())));
    }

    /** The rows of the script, sorted, by the line with their COPY. */
    private static Map<String, List<String>> copies(PostgresDump dump) throws IOException {
        Map<String, List<String>> copies = new HashMap<>();
        try (InputStream in = Files.newInputStream(dump.script())) {
            for (BlockHead block : dump.blocks()) {
                String text = new String(in.readNBytes(block.raw()), StandardCharsets.ISO_8859_1);
                int rows = text.indexOf(" FROM stdin;\n") + 1;
                if (block.phase() == Phase.DATA && rows > 0) {
                    List<String> lines = text.substring(rows).lines().toList();
                    copies.computeIfAbsent(text.substring(0, rows), key -> new ArrayList<>())
                            .addAll(lines.subList(1, lines.size() - 1));
                }
            }
        }
        copies.values().forEach(Collections::sort);
        return copies;
    }
}
