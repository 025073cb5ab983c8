package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a target gets of a stream, put together by hand: a header, blocks of SQL, a list of objects. */
final class HandMadeStream {
    private record Block(Phase phase, String object, byte[] sql) {}

    private final String database;
    private final List<Block> blocks = new ArrayList<>();
    private final List<ObjectEntry> objects = new ArrayList<>();
    private final List<Header.Account> accounts = new ArrayList<>();
    private PostgresProperties properties = OrdinaryProperties.ownedBy("postgres");
    private String engine = "postgresql";
    private String serverVersion = "15.1";

    HandMadeStream(String database) {
        this.database = database;
    }

    /** A stream of one table {@code t} with so many rows, all of the same text. */
    static HandMadeStream ofTable(String database, int rows, String text) {
        return new HandMadeStream(database)
                .block(Phase.SCHEMA, "public.t", "CREATE TABLE public.t (id integer PRIMARY KEY, txt text);\n")
                .block(
                        Phase.DATA,
                        "public.t",
                        "INSERT INTO public.t SELECT i, '" + text + "' FROM generate_series(1, " + rows + ") i;\n")
                .object("public.t", "table", (long) rows);
    }

    /** The three sections of a pg_dump, one block each; the objects are left to the caller. */
    static HandMadeStream ofDump(ThrowawayPostgres server, String source) {
        HandMadeStream stream = new HandMadeStream(source);
        stream.block(Phase.SCHEMA, null, section(server, source, "pre-data"));
        stream.block(Phase.DATA, null, section(server, source, "data"));
        return stream.block(Phase.FINISH, null, section(server, source, "post-data"));
    }

    private static String section(ThrowawayPostgres server, String source, String section) {
        String dump = Programs.run(
                        List.of(
                                server.programs().resolve("pg_dump").toString(),
                                "--section=" + section,
                                "--encoding=UTF8",
                                "-h",
                                server.socketFolder().toString(),
                                "-U",
                                "postgres",
                                "-d",
                                source),
                        Map.of(),
                        new byte[0])
                .orFail();
        return dump.replaceAll("(?m)^\\\\(un)?restrict [0-9A-Za-z]{40,}\n", "");
    }

    HandMadeStream block(Phase phase, String object, String sql) {
        blocks.add(new Block(phase, object, sql.getBytes(StandardCharsets.UTF_8)));
        return this;
    }

    HandMadeStream object(String name, String kind, Long rows) {
        objects.add(new ObjectEntry(name, kind, rows, null));
        return this;
    }

    HandMadeStream account(String name, String create, String... grants) {
        accounts.add(new Header.Account(name, create, List.of(grants)));
        return this;
    }

    HandMadeStream properties(PostgresProperties other) {
        properties = other;
        return this;
    }

    HandMadeStream engine(String other) {
        engine = other;
        return this;
    }

    HandMadeStream serverVersion(String other) {
        serverVersion = other;
        return this;
    }

    Header header() {
        return new Header(
                UUID.randomUUID(),
                "full",
                List.of(),
                "test",
                engine,
                database,
                null,
                Instant.now(),
                serverVersion,
                "15.1",
                Json.toTree(properties),
                accounts,
                new Header.Job("client-fd", "17", "F"),
                null);
    }

    List<ObjectEntry> objects() {
        return objects;
    }

    /** Gives all blocks to a prepared target. */
    void load(Target target) throws IOException {
        for (int i = 0; i < blocks.size(); i++) {
            Block block = blocks.get(i);
            int length = block.sql().length;
            target.load(StoredBlock.of(
                    new BlockHead(i, block.phase(), block.object(), length, length, 0, false), block.sql()));
        }
    }

    /** The whole restore. */
    SwitchReport restore(Target target) throws IOException {
        target.prepare(header());
        load(target);
        target.check(objects);
        return target.switchOver();
    }
}
