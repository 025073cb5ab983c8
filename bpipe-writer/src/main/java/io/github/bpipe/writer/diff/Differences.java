package io.github.bpipe.writer.diff;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How the live database differs from a stream.
 *
 * @param onlyInStream objects and statements that the live database does not have
 * @param onlyLive those that the stream does not have
 * @param rows of tables whose number differs
 * @param changed objects and statements whose definition differs
 */
public record Differences(
        List<String> onlyInStream, List<String> onlyLive, Map<String, Rows> rows, List<String> changed) {
    /** Rows of a table. */
    public record Rows(long stream, long live) {}

    public boolean isEmpty() {
        return onlyInStream.isEmpty() && onlyLive.isEmpty() && rows.isEmpty() && changed.isEmpty();
    }

    /** Reads a stream, whose header was read, to its end, and compares it. */
    public static Differences of(StreamDecoder decoder, Place place) throws IOException {
        if (!decoder.header().engine().equals(place.engine().id())) {
            throw new Failure(
                    ExitCode.WRONG_ENGINE,
                    "the stream comes from " + decoder.header().engine() + ", the live database is of "
                            + place.engine().id(),
                    "take the right backup, or the right profile or --engine");
        }
        Side side =
                switch (place.engine()) {
                    case MARIADB, MYSQL ->
                        new MariaDbSide(place, decoder.header().database());
                    case POSTGRESQL -> new PostgresSide(place);
                    case SQLITE -> new SqliteSide(place);
                };
        try (side;
                BlockDecompressor decompressor = new BlockDecompressor()) {
            for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
                if (side.wants(block.head())) {
                    decompressor.decompress(block);
                    side.block(block.head(), decompressor.buffer());
                }
            }
            return compare(side.ofStream(decoder.objects()), side.ofLive());
        }
    }

    private static Differences compare(Contents stream, Contents live) {
        TreeSet<String> onlyInStream = new TreeSet<>(stream.rows().keySet());
        onlyInStream.removeAll(live.rows().keySet());
        TreeSet<String> onlyLive = new TreeSet<>(live.rows().keySet());
        onlyLive.removeAll(stream.rows().keySet());
        Map<String, Rows> rows = new TreeMap<>();
        stream.rows().forEach((name, promised) -> {
            Long counted = live.rows().get(name);
            if (promised != null && counted != null && !promised.equals(counted)) {
                rows.put(name, new Rows(promised, counted));
            }
        });
        TreeSet<String> changed = new TreeSet<>(stream.definitions().keySet());
        changed.addAll(live.definitions().keySet());
        changed.removeIf(name -> Objects.equals(
                sorted(stream.definitions().get(name)),
                sorted(live.definitions().get(name))));
        changed.removeAll(onlyInStream);
        changed.removeAll(onlyLive);
        return new Differences(List.copyOf(onlyInStream), List.copyOf(onlyLive), rows, List.copyOf(changed));
    }

    private static List<String> sorted(List<String> definitions) {
        return definitions == null ? List.of() : definitions.stream().sorted().toList();
    }
}
