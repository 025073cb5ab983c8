package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresIndexesTest {
    private static List<String> tables(String... statements) {
        PostgresIndexes indexes = new PostgresIndexes();
        return Arrays.stream(statements)
                .map(statement -> indexes.table(List.of(statement.split(" "))))
                .toList();
    }

    @Test
    void whatIsSaidRightBehindAnIndexBelongsToIt() {
        assertThat(tables(
                        "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY",
                        "ALTER TABLE public.t CLUSTER ON t_pkey ;",
                        "COMMENT ON CONSTRAINT t_pkey ON public.t IS",
                        "CREATE UNIQUE INDEX \"I\" ON ONLY public.t USING",
                        "COMMENT ON INDEX public.\"I\" IS 'x'",
                        "ALTER INDEX public.\"I\" ALTER COLUMN 1",
                        "ALTER TABLE ONLY public.t REPLICA IDENTITY USING INDEX \"I\" ;"))
                .containsOnly("public.t");
    }

    /** The key may still be under way in another session when the index is made. */
    @Test
    void whatIsSaidOfAnotherIndexKeepsItsPlace() {
        assertThat(tables(
                        "ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY",
                        "CREATE INDEX i ON public.u USING",
                        "COMMENT ON INDEX public.t_pkey IS 'x'",
                        "CREATE INDEX j ON public.u USING",
                        "COMMENT ON CONSTRAINT j ON public.t IS",
                        "COMMENT ON INDEX public.j IS 'x'",
                        "CREATE INDEX k ON public.t USING",
                        "ALTER INDEX public.t_pkey ALTER COLUMN 1",
                        "CREATE INDEX l ON public.t USING",
                        "ALTER TABLE public.t CLUSTER ON t_pkey ;",
                        "ALTER TABLE ONLY public.t REPLICA IDENTITY FULL ;",
                        "ALTER INDEX public.l ATTACH PARTITION public.m"))
                .containsExactly(
                        "public.t",
                        "public.u",
                        null,
                        "public.u",
                        null,
                        null,
                        "public.t",
                        null,
                        "public.t",
                        null,
                        null,
                        null);
    }
}
