package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresBlocksTest {
    private static final String HEAD = """
            --
            -- PostgreSQL database dump
            --

            \\restrict token%s

            -- Dumped from database version 15

            SET client_encoding = 'UTF8';
            SELECT pg_catalog.set_config('search_path', '', false);

            """;
    private static final String END = """

            --
            -- PostgreSQL database dump complete
            --

            \\unrestrict token%s

            """;
    private static final String PRE_DATA = HEAD.formatted(1) + """
            --
            -- Name: f(); Type: FUNCTION
            --

            CREATE FUNCTION public.f() RETURNS void AS $$
            -- PostgreSQL database dump complete
            COPY public.fake (a) FROM stdin;
            \\.
            $$;


            SET default_tablespace = '';

            SET default_table_access_method = heap;

            CREATE TABLE public."t;
            \\." (a text);


            SET SESSION AUTHORIZATION a;
            GRANT SELECT ON public.t TO b;
            RESET SESSION AUTHORIZATION;


            """ + END.formatted(1);
    private static final String DATA = HEAD.formatted(2) + """
            COPY public."t;
            \\." (a) FROM stdin;
            \\\\.
            -- PostgreSQL database dump complete
            \\N
            \\..

            \\.


            COPY public.empty (a) FROM stdin;
            \\.


            SELECT pg_catalog.setval('public.s', 5, true);


            BEGIN;

            SELECT pg_catalog.lo_open('1', 131072);
            SELECT pg_catalog.lowrite(0, '\\x00');
            SELECT pg_catalog.lo_close(0);

            SELECT pg_catalog.lo_open('2', 131072);
            SELECT pg_catalog.lo_close(0);

            COMMIT;

            """ + END.formatted(2);
    private static final String POST_DATA = HEAD.formatted(3) + """
            SET default_tablespace = fast;

            ALTER TABLE ONLY public.a
                ADD CONSTRAINT a_pkey PRIMARY KEY (id);

            ALTER TABLE public.a CLUSTER ON a_pkey;

            SET default_tablespace = '';

            CREATE UNIQUE INDEX i ON ONLY public.b USING btree (id);
            COMMENT ON INDEX public.i IS ';';
            ALTER INDEX public.i ATTACH PARTITION public.j;
            ALTER TABLE ONLY public.a
                ADD CONSTRAINT k FOREIGN KEY (id) REFERENCES public.b(id);

            """ + END.formatted(3);

    private static List<String> blocks(int piece, ObjectLedger ledger) throws IOException {
        List<String> blocks = new ArrayList<>();
        BlockBuilder builder = new BlockBuilder((phase, object, filled, length, rows, continues) -> {
            blocks.add(
                    phase + " " + object + " " + rows + "\n" + new String(filled, 0, length, StandardCharsets.UTF_8));
            return filled;
        });
        PostgresBlocks made = new PostgresBlocks(
                builder, new PostgresData(builder, ledger, List.of(), List.of()), StandardCharsets.UTF_8);
        made.preData(in(PRE_DATA, piece), "-- top\n");
        made.data(in(DATA, piece));
        made.postData(in(POST_DATA, piece));
        return blocks;
    }

    /** Input that arrives in a first piece of that size and single bytes (negative), or in pieces of one size. */
    private static InputStream in(String script, int piece) {
        return new ByteArrayInputStream(script.getBytes(StandardCharsets.UTF_8)) {
            private boolean first = true;

            @Override
            public synchronized int read(byte[] bytes, int offset, int length) {
                int count = piece > 0 ? piece : first ? -piece : Integer.MAX_VALUE;
                first = false;
                return super.read(bytes, offset, Math.min(length, count));
            }
        };
    }

    @Test
    void theBlocksAreTheSameWhereverTheInputIsCut() throws IOException {
        List<String> expected = blocks(1 << 20, new ObjectLedger());
        assertThat(blocks(1, new ObjectLedger())).isEqualTo(expected);
        for (int cut = 1; cut < DATA.length(); cut++) {
            assertThat(blocks(-cut, new ObjectLedger())).as("cut at %s", cut).isEqualTo(expected);
        }
    }

    @Test
    void eachBlockHasWhatItNeeds() throws IOException {
        ObjectLedger ledger = new ObjectLedger();
        List<String> blocks = blocks(1 << 20, ledger);
        String table = "public.\"t;\n\\.\"";
        assertThat(blocks.stream().map(block -> block.replaceAll("(?s)\n(?!\\\\\\.\").*", "")))
                .containsExactly(
                        "SETUP \\restrict 0",
                        "SETUP null 0",
                        "SCHEMA null 0",
                        "SCHEMA null 0",
                        "DATA " + table + " 5",
                        "DATA null 0",
                        "DATA large objects 2",
                        "FINISH public.a 0",
                        "FINISH public.b 0",
                        "FINISH null 0",
                        "FINISH \\restrict 0");
        assertThat(blocks.get(0)).endsWith("\n\\restrict token1\n");
        assertThat(blocks.get(1)).contains("-- top\nSET client_encoding = 'UTF8';\nSELECT pg_catalog.set_config");
        assertThat(blocks.get(3))
                .contains("SET default_table_access_method = heap;\nSET default_tablespace = '';\nCREATE");
        assertThat(blocks.get(4))
                .endsWith("\nCOPY " + table
                        + " (a) FROM stdin;\n\\\\.\n-- PostgreSQL database dump complete\n\\N\n\\..\n\n\\.\n");
        assertThat(blocks.get(6)).contains("\nBEGIN;\n").endsWith("lo_close(0);\nCOMMIT;\n");
        assertThat(blocks.get(7))
                .contains("\nSET default_tablespace = fast;\nALTER")
                .contains("CLUSTER");
        assertThat(blocks.get(8)).contains("COMMENT ON INDEX").doesNotContain("ATTACH");
        assertThat(blocks.get(10)).endsWith("\n\\unrestrict token1\n");
        assertThat(ledger.entries()).anySatisfy(entry -> {
            assertThat(entry.name()).isEqualTo("public.empty");
            assertThat(entry.rows()).isZero();
        });
    }

    @Test
    void everyCutBeforeTheEndMarkIsAFailure() {
        int end = DATA.indexOf("\n\\unrestrict token2") + "\n\\unrestrict token2\n".length();
        for (int length = 0; length < end; length++) {
            String cut = DATA.substring(0, length);
            Failure failure = catchThrowableOfType(Failure.class, () -> data(cut));
            assertThat(failure).as("cut at %s", length).isNotNull();
            assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SELECT 1;\n", "\\! id\n", "\\unrestrict again\nSELECT 1;\n"})
    void nothingMayFollowTheEnd(String more) {
        Failure failure = catchThrowableOfType(Failure.class, () -> data(DATA + more));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
    }

    @Test
    void rowsThatOthersReadMayNotComeTwice() {
        List<PostgresLargeTable> elsewhere = List.of(new PostgresLargeTable("public.\"empty\"", "a", 1, 1));
        Failure failure = catchThrowableOfType(Failure.class, () -> data(DATA, elsewhere));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure).hasMessageContaining("prints the rows of public.empty");
    }

    private static void data(String script) throws IOException {
        data(script, List.of());
    }

    private static void data(String script, List<PostgresLargeTable> elsewhere) throws IOException {
        BlockBuilder builder = new BlockBuilder((phase, object, filled, length, rows, continues) -> filled);
        PostgresBlocks made = new PostgresBlocks(
                builder, new PostgresData(builder, new ObjectLedger(), List.of(), elsewhere), StandardCharsets.UTF_8);
        made.preData(in(PRE_DATA, 1 << 20), "-- top\n");
        made.data(in(script, 1 << 20));
    }
}
