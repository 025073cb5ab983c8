package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.Trailer;
import io.github.bpipe.reader.source.SourceFacts;
import io.github.bpipe.reader.source.StreamFiles;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Dumps into stream files, reads them back, and loads them as an administrator without the toolkit would. */
final class MariaDbDumps {
    /** A block with its text, which stands for its bytes one by one. */
    record Block(BlockHead head, String text) {
        /** Without the text, which may be megabytes, for messages. */
        @Override
        public String toString() {
            return head.toString();
        }
    }

    /** A stream that was read to its end. */
    record Read(SourceFacts facts, List<Block> blocks, List<ObjectEntry> objects, Trailer trailer) {
        ObjectEntry object(String kind, String name) {
            return objects.stream()
                    .filter(entry -> entry.kind().equals(kind) && entry.name().equals(name))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + kind + " " + name + " in " + objects));
        }
    }

    private MariaDbDumps() {}

    static Connection root(ThrowawayMariaDb server) {
        return new Connection(null, null, server.socket(), "root", null, null, null);
    }

    static MariaDbSource source(ThrowawayMariaDb server, String database) {
        return new MariaDbSource(Engine.MARIADB, root(server), database, Set.of(), 1);
    }

    /** Dumps into a file and reads it back whole. */
    static Read dumpAndRead(MariaDbSource source, Path file) throws IOException {
        SourceFacts facts = StreamFiles.dump(source, Engine.MARIADB, file);
        List<Block> blocks = new ArrayList<>();
        StreamDecoder decoder = StreamFiles.read(
                file,
                (head, raw, length) ->
                        blocks.add(new Block(head, new String(raw, 0, length, StandardCharsets.ISO_8859_1))));
        return new Read(facts, blocks, decoder.objects(), decoder.trailer());
    }

    /** {@code zstd -dc file | mariadb database}, into a new database with the recorded properties. */
    static void loadNatively(ThrowawayMariaDb server, Path file, String database, SourceFacts facts) {
        server.sql(
                "",
                "CREATE DATABASE `" + database + "` CHARACTER SET "
                        + facts.properties().get("charset").asText() + " COLLATE "
                        + facts.properties().get("collation").asText() + " COMMENT '"
                        + facts.properties().get("comment").asText().replace("'", "''") + "'");
        String pipe = "set -o pipefail; zstd -dc \"$FILE\" | mariadb --no-defaults --socket=\"$SOCKET\" --user=root"
                + " --binary-mode --comments --max-allowed-packet=1G \"$DB\"";
        Programs.run(
                        List.of("bash", "-c", pipe),
                        Map.of(
                                "FILE",
                                file.toString(),
                                "SOCKET",
                                server.socket().toString(),
                                "DB",
                                database),
                        new byte[0])
                .orFail();
    }
}
