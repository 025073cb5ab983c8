package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One stream through several sessions. */
@Timeout(120)
class PostgresParallelTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();
    private static final int JOBS = 3;

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    private TargetOptions options() {
        return options(JOBS);
    }

    private TargetOptions options(int jobs) {
        return new TargetOptions(
                bench.connection("postgres"), null, false, true, true, true, jobs, PostgresCreation.RECORDED);
    }

    private static HandMadeStream stream(String name) {
        HandMadeStream stream = new HandMadeStream(name)
                .block(Phase.SETUP, null, "SET search_path = '';\nSET application_name = 'of the dump';\n")
                .block(
                        Phase.SCHEMA,
                        "public.t",
                        "CREATE TABLE public.t (id integer NOT NULL, who integer, app text);\n")
                .block(Phase.SCHEMA, "public.u", "CREATE TABLE public.u (id integer);\n");
        for (int i = 0; i < 30; i++) {
            stream.block(
                    Phase.DATA,
                    "public.t",
                    "INSERT INTO public.t VALUES (" + i
                            + ", pg_catalog.pg_backend_pid(), pg_catalog.current_setting('application_name'));\n");
        }
        return stream.block(Phase.DATA, "public.u", "COPY public.u (id) FROM stdin;\n1\n2\n\\.\n");
    }

    @Test
    void rowsAndIndexesComeThroughSeveralSessions() throws IOException {
        String name = bench.name("parallel");
        HandMadeStream stream = stream(name)
                .block(Phase.FINISH, "public.t", """
                        SET default_tablespace = '';
                        --
                        ALTER TABLE ONLY public.t
                            ADD CONSTRAINT t_pkey PRIMARY KEY (id);
                        CREATE INDEX a ON public.t USING btree (who);
                        COMMENT ON INDEX public.a IS 'not the end; of it';
                        CREATE INDEX b ON public.t USING btree (((app || ';') || 'x'));
                        ALTER INDEX public.b ALTER COLUMN 1 SET STATISTICS 400;
                        ALTER TABLE public.t CLUSTER ON b;
                        """)
                .block(Phase.FINISH, "public.u", "CREATE UNIQUE INDEX c ON public.u USING btree (id);\n")
                .block(Phase.FINISH, null, "CREATE VIEW public.v AS SELECT count(*) AS n FROM public.t;\n")
                .block(Phase.FINISH, null, "CREATE VIEW public.w AS SELECT n FROM public.v;\n")
                .object("public.t", "table", 30L)
                .object("public.u", "table", 2L)
                .object("public.a", "index", null)
                .object("public.b", "index", null)
                .object("public.c", "index", null)
                .object("public.w", "view", null);

        bench.restoreWith(stream, options());

        assertThat(SERVER.sql(name, "SELECT n FROM w")).isEqualTo("30\n");
        assertThat(SERVER.sql(name, "SELECT count(DISTINCT who) > 1, min(app), max(app) FROM t"))
                .isEqualTo("t|of the dump|of the dump\n");
        assertThat(SERVER.sql(name, "SELECT obj_description('a'::regclass)")).isEqualTo("not the end; of it\n");
        assertThat(SERVER.sql(name, "SELECT indisclustered FROM pg_index WHERE indexrelid = 'b'::regclass"))
                .isEqualTo("t\n");
    }

    @Test
    void indexesOfALargerTableComeFirst() throws IOException {
        String name = bench.name("order");
        HandMadeStream stream = stream(name)
                .block(Phase.FINISH, "public.u", "CREATE INDEX a ON public.u USING btree (id);\n")
                .block(Phase.FINISH, "public.t", "CREATE INDEX b ON public.t USING btree (id);\n");

        bench.restoreWith(stream, options(1));

        assertThat(SERVER.sql(name, "SELECT 'b'::regclass::oid < 'a'::regclass::oid"))
                .isEqualTo("t\n");
    }

    /** Less than what is left to statements that join or hash. */
    @Test
    void aSortGetsMemoryForItselfAlone() throws IOException {
        String name = bench.name("memory");
        int cores = Runtime.getRuntime().availableProcessors();
        int jobs = Math.min(cores, 8);
        HandMadeStream stream = stream(name)
                .block(Phase.SCHEMA, null, """
                        CREATE SEQUENCE public.memory START 1000000;
                        CREATE FUNCTION public.note(integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS
                        'BEGIN
                          PERFORM pg_catalog.setval(''public.memory'', LEAST(last_value, setting::bigint))
                            FROM public.memory, pg_catalog.pg_settings WHERE name = ''maintenance_work_mem'';
                          RETURN $1;
                        END';
                        """)
                .block(Phase.FINISH, "public.t", "CREATE INDEX a ON public.t USING btree (public.note(id));\n")
                .block(Phase.FINISH, "public.u", "CREATE INDEX ON public.u USING btree (id);\n".repeat(jobs))
                .block(Phase.FINISH, null, """
                        CREATE TABLE public.after AS SELECT setting FROM pg_catalog.pg_settings
                          WHERE name = 'maintenance_work_mem';
                        """);

        bench.restoreWith(stream, options(jobs));

        int ordinary = 512 / jobs;
        assertThat(SERVER.sql(name, "SELECT last_value / 1024 FROM memory"))
                .isEqualTo((cores / jobs > 1 ? ordinary : 16) + "\n");
        assertThat(SERVER.sql(name, "SELECT setting::integer / 1024 FROM after"))
                .isEqualTo(ordinary + "\n");
    }

    @Test
    void anIndexThatTheRowsBreakNamesItsBlock() {
        String name = bench.live("broken", 5, "old");
        HandMadeStream stream = stream(name)
                .block(
                        Phase.FINISH,
                        "public.t",
                        "CREATE UNIQUE INDEX a ON public.t (app);\nCREATE INDEX b ON public.t (id);\n");

        bench.refused(stream, options(), ExitCode.LOAD_FAILED)
                .hasMessageContaining("block 34 of public.t")
                .hasMessageContaining("could not create unique index \"a\"");
        assertThat(bench.rows(name)).isEqualTo("5 old");
    }

    /** Of whatever {@code ANALYZE} alone would take, in any encoding, with the strings of old dumps. */
    @ParameterizedTest
    @CsvSource({"UTF8, UTF8", "LATIN1, LATIN1", "SQL_ASCII, SQL_ASCII", "SQL_ASCII, LATIN1"})
    void everyTableHasStatistics(String encoding, String client) throws IOException {
        String name = bench.name("statistics");
        String[] tables = {"plain", "Frédéric \"O'Neill\" \\", "$$"};
        HandMadeStream stream = new HandMadeStream(name)
                .properties(OrdinaryProperties.inLocale(encoding, "libc", "C", "C", null))
                .block(
                        Phase.SETUP,
                        null,
                        "SET client_encoding = '" + client + "';\nSET standard_conforming_strings = off;\n");
        for (String table : tables) {
            stream.block(
                    Phase.SCHEMA,
                    table,
                    "CREATE TABLE public.\"" + table.replace("\"", "\"\"") + "\" AS SELECT 1 AS a;\n");
        }
        stream.block(Phase.SCHEMA, "public.p", """
                        CREATE TABLE public.p (a integer) PARTITION BY RANGE (a);
                        CREATE TABLE public.q PARTITION OF public.p DEFAULT;
                        CREATE VIEW public.v AS SELECT 1 AS a;
                        """)
                .block(
                        Phase.FINISH,
                        null,
                        "CREATE MATERIALIZED VIEW public.m AS SELECT 1 AS a;\nINSERT INTO public.p VALUES (1);\n");

        bench.restoreWith(stream, options());

        String lacking = "SELECT count(*) FROM pg_class WHERE relkind IN ('r', 'm', 'p') AND reltuples < 0"
                + " AND oid <> 'pg_statistic'::regclass";
        assertThat(SERVER.sql(name, lacking)).isEqualTo("0\n");
        assertThat(SERVER.sql(
                        name,
                        "SELECT sum(reltuples) FROM pg_class WHERE relkind = 'r'"
                                + " AND relnamespace = 'public'::regnamespace"))
                .isEqualTo("4\n");
    }

    @Test
    void aScriptOfIndexesIsCutBehindWhatBelongsToEach() {
        String script = """
                SET default_tablespace = fast;

                -- a; comment
                CREATE INDEX a ON t (x);
                COMMENT ON INDEX a IS ';';
                SET default_tablespace = '';
                ALTER TABLE ONLY t
                    ADD CONSTRAINT k UNIQUE (y);
                """;
        assertThat(cut(script, true))
                .containsExactly(
                        "SET default_tablespace = fast;\n\n\n-- a; comment\nCREATE INDEX a ON t (x);\n\nCOMMENT ON INDEX a IS ';';\n",
                        "SET default_tablespace = '';\n\nALTER TABLE ONLY t\n    ADD CONSTRAINT k UNIQUE (y);\n");
        String unfinished = "CREATE INDEX a ON t (x);\nCREATE INDEX b ON t (';);\n";
        assertThat(cut(unfinished, true)).containsExactly(unfinished);
        String escaped = "CREATE INDEX a ON t ('\\';');\nCREATE INDEX b ON t (x);\n";
        assertThat(cut(escaped, false)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "CREATE INDEX i ON ONLY public.t USING btree (a)    | true  | false",
                "CREATE INDEX i ON public.t USING gin (a)                  | false | false",
                "ALTER TABLE ONLY public.t ADD CONSTRAINT k PRIMARY KEY (a)| true  | true",
                "ALTER TABLE ONLY public.t ADD CONSTRAINT k UNIQUE (a)     | true  | true",
                "ALTER TABLE ONLY public.t ADD CONSTRAINT k EXCLUDE USING gist (a WITH &&) | false | true",
                "CREATE INDEX i ON t USING btree (a); ALTER TABLE t CLUSTER ON i           | true  | true",
                "CREATE INDEX i ON t USING btree (a); ALTER INDEX i ALTER COLUMN 1 SET STATISTICS 9 | true | false",
                "CREATE INDEX i ON t USING btree (';                       | false | true"
            })
    void aPartSaysWhatItNeeds(String sql, boolean sorts, boolean locks) {
        List<PostgresIndexScript.Part> parts =
                PostgresIndexScript.cut((sql + ";\n").getBytes(StandardCharsets.UTF_8), true);
        assertThat(parts).singleElement().satisfies(part -> {
            assertThat(part.sorts()).isEqualTo(sorts);
            assertThat(part.locks()).isEqualTo(locks);
        });
    }

    @Test
    void whatOnePartNeedsTheNextOneNeedNot() {
        byte[] script = "ALTER TABLE t ADD CONSTRAINT k UNIQUE (a);\nCREATE INDEX i ON t USING gin (b);\n"
                .getBytes(StandardCharsets.UTF_8);
        assertThat(PostgresIndexScript.cut(script, true))
                .extracting(part -> part.sorts() + " " + part.locks())
                .containsExactly("true true", "false false");
    }

    private static List<String> cut(String script, boolean standardStrings) {
        return PostgresIndexScript.cut(script.getBytes(StandardCharsets.UTF_8), standardStrings).stream()
                .map(part -> new String(part.sql(), StandardCharsets.UTF_8))
                .toList();
    }
}
