package io.github.bpipe.writer;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.SmallDisk;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A PostgreSQL server. */
final class PostgresFaultBench extends FaultBench {
    private static final String DATABASE = "fault \"db";
    private static final int BLOCKS = 6;
    private static final int ROWS = 200;

    private final ThrowawayPostgres server;

    PostgresFaultBench() {
        super(SmallDisk.of(320L << 20));
        server = ThrowawayPostgres.startOn(disk);
    }

    @Override
    String engine() {
        return Engine.POSTGRESQL.id();
    }

    @Override
    Connection connection() {
        return new Connection(null, null, server.socketFolder(), "postgres", null, null, server.programs());
    }

    @Override
    String database() {
        return DATABASE;
    }

    @Override
    public void close() {
        server.stop(true);
        disk.close();
    }

    @Override
    FaultStream make(boolean renewed) throws IOException {
        String word = renewed ? "new" : "old";
        List<FaultStream.Block> blocks = new ArrayList<>();
        blocks.add(FaultStream.Block.sql(
                Phase.SCHEMA,
                null,
                "CREATE TABLE public.t (id integer, txt text);\nCREATE TABLE public.only_" + word + " (i integer);\n"
                        + "CREATE FUNCTION public.f() RETURNS text LANGUAGE sql AS 'SELECT ''" + word + "''';\n",
                0));
        for (int block = 0; block < BLOCKS; block++) {
            StringBuilder rows = new StringBuilder("COPY public.t (id, txt) FROM stdin;\n");
            for (int row = 0; row < ROWS; row++) {
                int id = block * ROWS + row;
                rows.append(id).append('\t').append(word);
                // so different that the server cannot compress it
                new java.util.Random(id).ints(400, 1000, 10000).forEach(number -> rows.append(number));
                rows.append('\n');
            }
            blocks.add(FaultStream.Block.sql(
                    Phase.DATA, "public.t", rows.append("\\.\n").toString(), ROWS));
        }
        blocks.add(FaultStream.Block.sql(
                Phase.FINISH,
                null,
                "CREATE INDEX t_id ON public.t (id);\nCREATE VIEW public.v AS SELECT count(*) AS n, '" + word
                        + "' AS word FROM public.t;\n",
                0));
        List<ObjectEntry> objects = List.of(
                new ObjectEntry("public.t", "table", (long) BLOCKS * ROWS, null),
                new ObjectEntry("public.only_" + word, "table", 0L, null),
                new ObjectEntry("public.f()", "function", null, null),
                new ObjectEntry("public.t_id", "index", null, null),
                new ObjectEntry("public.v", "view", null, null));
        PostgresProperties properties = new PostgresProperties(
                "UTF8",
                "libc",
                "C.UTF-8",
                "C.UTF-8",
                null,
                null,
                null,
                "postgres",
                "the " + word + " one",
                null,
                List.of(),
                -1,
                "pg_default",
                List.of());
        return FaultStream.of(engine(), DATABASE, properties, blocks, objects);
    }

    @Override
    Map<String, String> content() {
        return PostgresFingerprint.of(server, DATABASE);
    }

    @Override
    Map<String, String> only(Map<String, String> content) {
        return content;
    }

    @Override
    List<String> around() {
        return server.sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE 'fault%' ORDER BY 1")
                .lines()
                .toList();
    }

    @Override
    void killServer() {
        server.stop(true);
        server.start();
    }

    @Override
    void revive() {
        server.revive();
    }

    @Override
    void loseConnections() {
        server.sql(
                "postgres",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        + " AND backend_type = 'client backend'");
    }
}
