package io.github.bpipe.reader.source.sqlite;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.reader.source.SourceFacts;
import io.github.bpipe.reader.source.StreamFiles;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A SQLite database file, and how to dump it. */
abstract class SqliteCase {
    @TempDir
    Path folder;

    /** Where copies are made. */
    Path scratch;

    Path live;

    @BeforeEach
    void makeScratch() throws IOException {
        scratch = Files.createDirectory(folder.resolve("scratch"));
        live = folder.resolve("live.db");
    }

    SqliteSource source(Path database) {
        return new SqliteSource(database, List.of(scratch), Duration.ofSeconds(2));
    }

    /** Makes a live database that takes a moment to copy. */
    void large(int megabytes) {
        AwkwardSqlite.sql(
                live,
                "CREATE TABLE t (a, b)",
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + megabytes + ")"
                        + " INSERT INTO t SELECT i, zeroblob(1000000) FROM n");
    }

    /** What a whole dump warns of. */
    List<String> warnings(Path database) throws IOException {
        try (SqliteSource source = source(database)) {
            SourceFacts facts = source.open();
            List<String> warnings = new ArrayList<>(facts.warnings());
            Path stream = folder.resolve("warned.db.zst");
            warnings.addAll(StreamFiles.dump(source, facts, Engine.SQLITE, stream, sink -> sink)
                    .warnings());
            return warnings;
        }
    }

    Path dump(Path database) throws IOException {
        Path stream = folder.resolve("live.db.zst");
        StreamFiles.dump(source(database), Engine.SQLITE, stream);
        return stream;
    }

    /** What the zstd program makes of it. */
    Path plain(Path stream) {
        Path file = folder.resolve("plain.db");
        Programs.run(Programs.find("zstd", "zstd"), "-dqf", stream.toString(), "-o", file.toString())
                .orFail();
        return file;
    }

    static StreamDecoder decode(Path stream) throws IOException {
        return StreamFiles.read(stream, (head, raw, length) -> {});
    }

    /** How many there are now. */
    long copies() throws IOException {
        try (Stream<Path> files = Files.walk(scratch)) {
            return files.filter(file -> file.endsWith("copy.db")).count();
        } catch (java.io.UncheckedIOException e) {
            return 0;
        }
    }
}
