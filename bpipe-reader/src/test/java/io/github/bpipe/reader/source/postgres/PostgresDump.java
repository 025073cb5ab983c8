package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.PostgresDatabaseSql;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.source.SourceFacts;
import io.github.bpipe.reader.source.StreamFiles;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A stream of a PostgreSQL database in a file, written by the encoder and read back by the decoder. */
record PostgresDump(Path stream, SourceFacts facts, List<BlockHead> blocks, List<ObjectEntry> objects, Path script) {

    /** Bytes that make a table a large one in these tests. */
    static final long LARGE = 64 << 10;

    static PostgresSource source(ThrowawayPostgres server, String database) {
        return source(server, database, 1, LARGE);
    }

    static PostgresSource source(ThrowawayPostgres server, String database, int jobs, long large) {
        return new PostgresSource(connection(server, "postgres"), database, jobs, Duration.ofSeconds(20), large);
    }

    static Connection connection(ThrowawayPostgres server, String user) {
        return new Connection(null, null, server.socketFolder(), user, null, null, server.programs());
    }

    static PostgresDump of(ThrowawayPostgres server, String database, Path folder) throws IOException {
        return of(server, database, 1, LARGE, folder);
    }

    static PostgresDump of(ThrowawayPostgres server, String database, int jobs, long large, Path folder)
            throws IOException {
        try (PostgresSource source = source(server, database, jobs, large)) {
            SourceFacts facts = source.open();
            return of(source, facts, folder, () -> {});
        }
    }

    /**
     * Dumps what is already open.
     *
     * @param onData run once, before the first block of data goes on
     */
    static PostgresDump of(PostgresSource source, SourceFacts facts, Path folder, Runnable onData) throws IOException {
        AtomicBoolean seen = new AtomicBoolean();
        Path stream = folder.resolve("stream.zst");
        StreamFiles.dump(
                source, facts, Engine.POSTGRESQL, stream, sink -> (phase, object, filled, length, rows, continues) -> {
                    if (phase == Phase.DATA && !seen.getAndSet(true)) {
                        onData.run();
                    }
                    return sink.block(phase, object, filled, length, rows, continues);
                });
        Path script = folder.resolve("script.sql");
        List<BlockHead> heads = new ArrayList<>();
        try (OutputStream out = Files.newOutputStream(script)) {
            List<ObjectEntry> objects = StreamFiles.read(stream, (head, raw, length) -> {
                        out.write(raw, 0, length);
                        heads.add(head);
                    })
                    .objects();
            return new PostgresDump(stream, facts, heads, objects, script);
        }
    }

    PostgresProperties properties() throws IOException {
        return Json.fromTree(facts.properties(), PostgresProperties.class);
    }

    /** Restores by hand: an empty database, the script by psql, what belongs to the database as a whole. */
    void restore(ThrowawayPostgres server, String database) throws IOException {
        PostgresDatabaseSql sql = new PostgresDatabaseSql(properties());
        server.sql("postgres", sql.create(database, 15));
        load(server, database);
        server.sql("postgres", sql.owner(database));
        server.sql("postgres", String.join(";\n", sql.properties(database)));
    }

    /** What {@code zstd -dc | psql} does. */
    void load(ThrowawayPostgres server, String database) throws IOException {
        Path plain = script.resolveSibling("plain.sql");
        Programs.run("zstd", "-dcfq", stream.toString(), "-o", plain.toString()).orFail();
        assertThat(Files.mismatch(plain, script)).isEqualTo(-1);
        Programs.Answer answer = Programs.run(
                List.of(
                        server.programs().resolve("psql").toString(),
                        "-Xqo/dev/null",
                        "-vON_ERROR_STOP=1",
                        "-h" + server.socketFolder(),
                        "-Upostgres",
                        "-f" + plain,
                        "-ddbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'"),
                Map.of(),
                new byte[0]);
        answer.orFail();
    }

    ObjectEntry object(String kind, String name) {
        return objects.stream()
                .filter(entry -> entry.kind().equals(kind) && entry.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + objects));
    }
}
