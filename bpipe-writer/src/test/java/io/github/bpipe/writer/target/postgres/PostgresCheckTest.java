package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.engine.PostgresProperties.Grant;
import io.github.bpipe.core.engine.PostgresProperties.Setting;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The proof that nothing is missing: a database with one of everything passes, one with something less does not. */
class PostgresCheckTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();

    /** What AwkwardPostgres gives its database as a whole. */
    private static final PostgresProperties AWKWARD = new PostgresProperties(
            "UTF8",
            "libc",
            "C.UTF-8",
            "C.UTF-8",
            null,
            null,
            null,
            "awkward_owner",
            "a comment; with 'quotes',\nline breaks and \\backslashes",
            List.of(
                    new Grant("awkward_owner", "CREATE", false),
                    new Grant("awkward_owner", "CONNECT", false),
                    new Grant("awkward_owner", "TEMPORARY", false),
                    new Grant("awkward_reader", "CONNECT", true),
                    new Grant("Awk \"role", "CONNECT", false),
                    new Grant("Awk \"role", "TEMPORARY", false)),
            List.of(
                    new Setting(null, "search_path", "\"$user\", sales, \"Sch ema\", public"),
                    new Setting(null, "DateStyle", "German, DMY"),
                    new Setting(null, "bytea_output", "escape"),
                    new Setting(null, "extra_float_digits", "-15"),
                    new Setting(null, "awkward.setting", "it's;\n\\ a \"value\""),
                    new Setting(null, "default_tablespace", ""),
                    new Setting(null, "statement_timeout", "1h"),
                    new Setting("awkward_reader", "search_path", "sales"),
                    new Setting("Awk \"role", "work_mem", "3MB")),
            77,
            "pg_default",
            List.of());

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @Test
    void everythingComesBack() throws IOException {
        String name = bench.name("awkward");
        String copy = bench.name("copy");
        AwkwardPostgres.create(SERVER, name);
        HandMadeStream stream = streamOf(name).properties(AWKWARD);

        assertThat(bench.restore(stream, copy).warnings()).isEmpty();

        SortedMap<String, String> restored = PostgresFingerprint.of(SERVER, copy);
        SortedMap<String, String> original = PostgresFingerprint.of(SERVER, name);
        restored.entrySet().removeAll(original.entrySet());
        assertThat(restored).isEmpty();
        original.keySet().removeAll(PostgresFingerprint.of(SERVER, copy).keySet());
        assertThat(original).isEmpty();
        assertThat(SERVER.sql(copy, "SELECT attname FROM pg_stats WHERE tablename = 'orders' AND attname = 'net'"))
                .isEqualTo("net\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "DELETE FROM t WHERE id = 2           | the table public.t has 2 rows instead of 3",
                "INSERT INTO t VALUES (9)             | the table public.t has 4 rows instead of 3",
                "DROP TABLE \"Up per\"                | the table public.\"Up per\" is missing",
                "DROP VIEW v                          | the view public.v is missing",
                "DROP INDEX i                         | the index public.i is missing",
                "DROP FUNCTION f                      | the function public.f() is missing",
                "SELECT lo_unlink(4711)               | the large objects 1 has 1 rows instead of 2",
                "ALTER TABLE t DROP CONSTRAINT t_pkey | the constraint t_pkey on public.t is missing"
            })
    void whatIsMissingIsNamedAndTheLiveDatabaseStays(String change, String message) throws IOException {
        String name = bench.live("less", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new")
                .block(
                        Phase.FINISH,
                        null,
                        "CREATE TABLE \"Up per\" (); CREATE VIEW v AS SELECT 1 AS one; CREATE INDEX i ON t (txt);"
                                + "CREATE FUNCTION f() RETURNS integer LANGUAGE sql RETURN 1;"
                                + "SELECT lo_create(4711), lo_create(4712);\n")
                .object("public.\"Up per\"", "table", 0L)
                .object("public.v", "view", null)
                .object("public.i", "index", null)
                .object("public.f()", "function", null)
                .object("t_pkey on public.t", "constraint", null)
                .object("1", "large objects", 2L);
        try (PostgresTarget target = bench.target()) {
            Header header = stream.header();
            target.prepare(header);
            stream.load(target);
            target.load(StoredBlock.of(
                    new BlockHead(9, Phase.FINISH, null, change.length() + 2, 1, 0, false),
                    (change + ";\n").getBytes(StandardCharsets.UTF_8)));

            bench.fails(() -> target.check(stream.objects()), ExitCode.CHECK_FAILED)
                    .hasMessageContaining(message);
        }
        assertThat(bench.rows(name)).isEqualTo("5 old");
        assertThat(bench.databasesLike(name)).containsExactly(name);
    }

    private HandMadeStream streamOf(String name) throws IOException {
        HandMadeStream stream = HandMadeStream.ofDump(SERVER, name);
        try (SqlSession session = new PostgresClients(bench.connection("postgres")).session(name)) {
            session.execute("SET search_path = ''");
            for (PostgresObjects.Item item : PostgresObjects.list(session)) {
                Long rows = item.kind().equals(PostgresObjects.TABLE)
                        ? Long.valueOf(session.value("SELECT count(*) FROM ONLY " + item.name()))
                        : null;
                stream.object(item.name(), item.kind(), rows);
            }
        }
        return stream;
    }
}
