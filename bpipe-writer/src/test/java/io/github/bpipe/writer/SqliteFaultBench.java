package io.github.bpipe.writer;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SmallDisk;
import io.github.bpipe.testkit.SqliteFingerprint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A SQLite file. */
final class SqliteFaultBench extends FaultBench {
    private static final int BLOCK_BYTES = 100_000;

    private final Path live;

    SqliteFaultBench() {
        super(SmallDisk.of(16L << 20));
        live = disk.folder().resolve("fault db");
    }

    @Override
    String engine() {
        return Engine.SQLITE.id();
    }

    @Override
    Connection connection() {
        return Connection.DEFAULT;
    }

    @Override
    String database() {
        return live.toString();
    }

    @Override
    String liveName() {
        return "fault db";
    }

    @Override
    public void close() {
        disk.close();
    }

    @Override
    FaultStream make(boolean renewed) throws IOException {
        String word = renewed ? "new" : "old";
        Path file = Files.createTempFile("bpipe-fault", ".db");
        Files.delete(file);
        AwkwardSqlite.sql(
                file,
                "CREATE TABLE t (id INTEGER PRIMARY KEY, txt TEXT)",
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
                        + " INSERT INTO t SELECT i, '" + word + "' || hex(randomblob(600)) FROM n",
                "CREATE VIEW v AS SELECT count(*), '" + word + "' FROM t",
                "CREATE TABLE only_" + word + " (i)");
        byte[] bytes = Files.readAllBytes(file);
        List<ObjectEntry> objects;
        try (java.sql.Connection connection = SqliteFile.open(file, Duration.ZERO)) {
            objects = SqliteContents.objects(connection);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
        Files.delete(file);
        List<FaultStream.Block> blocks = new ArrayList<>();
        for (int from = 0; from < bytes.length; from += BLOCK_BYTES) {
            int to = Math.min(bytes.length, from + BLOCK_BYTES);
            blocks.add(
                    new FaultStream.Block(Phase.DATA, null, Arrays.copyOfRange(bytes, from, to), 0, to < bytes.length));
        }
        SqliteProperties properties =
                new SqliteProperties(bytes.length, "wal", 4096, "UTF-8", 0, 0, 0, null, null, null);
        return FaultStream.of(engine(), database(), properties, blocks, objects);
    }

    @Override
    Map<String, String> content() {
        return Map.of("rows", String.join("\n", SqliteFingerprint.of(live)));
    }

    @Override
    Map<String, String> only(Map<String, String> content) {
        return content;
    }

    @Override
    List<String> around() throws IOException {
        try (Stream<Path> files = Files.list(disk.folder())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("fault") && !name.endsWith("-wal") && !name.endsWith("-shm"))
                    .sorted()
                    .toList();
        }
    }

    @Override
    void killServer() {
        throw new AssertionError("SQLite has no server");
    }

    @Override
    void revive() {
        // nothing can have ended
    }

    @Override
    void loseConnections() {
        throw new AssertionError("SQLite has no connections");
    }
}
