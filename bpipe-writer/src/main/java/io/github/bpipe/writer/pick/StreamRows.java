package io.github.bpipe.writer.pick;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.writer.pick.mariadb.MariaDbTables;
import io.github.bpipe.writer.pick.postgres.PostgresTables;
import io.github.bpipe.writer.pick.sqlite.SqliteTables;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads a stream to its end and hands on the rows of some of its tables. The blocks of all others are passed over
 * without being decompressed; the trailer proves them too.
 */
public final class StreamRows {
    /** Makes the one who takes the rows, once the stream has said where it comes from. */
    public interface Handlers {
        RowHandler of(Engine engine) throws IOException;
    }

    private static final int NAMED = 10;

    private StreamRows() {}

    /**
     * Reads it. What the handler gets is proven only when this returns.
     *
     * @param tables that the stream must hold
     * @return the H frame
     */
    public static Header read(InputStream in, List<String> tables, Handlers handlers) throws IOException {
        return read(in, tables, List.of(), handlers);
    }

    /** The same, also for tables that the stream may hold or not. */
    public static Header read(InputStream in, List<String> tables, List<String> optional, Handlers handlers)
            throws IOException {
        StreamDecoder decoder = new StreamDecoder(in);
        Header header = decoder.header();
        TableChoice choice = new TableChoice(
                Stream.concat(tables.stream(), optional.stream()).toList());
        Engine engine = engine(header);
        try (TableReader reader = reader(engine, choice, handlers.of(engine));
                BlockDecompressor decompressor = new BlockDecompressor()) {
            for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
                if (reader.wants(block.head())) {
                    decompressor.decompress(block);
                    reader.block(block.head(), decompressor.buffer());
                }
            }
            reader.end();
        }
        for (String table : tables) {
            if (!choice.found(table)) {
                throw missing(table, decoder);
            }
        }
        return header;
    }

    /** The engine that a stream comes from. */
    private static Engine engine(Header header) throws Failure {
        try {
            return Engine.of(header.engine());
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitCode.UNSUPPORTED_STREAM, "the stream's " + e.getMessage(), "install a newer bpipe-toolkit");
        }
    }

    private static TableReader reader(Engine engine, TableChoice choice, RowHandler handler) throws IOException {
        return switch (engine) {
            case MARIADB, MYSQL -> new MariaDbTables(choice, handler);
            case POSTGRESQL -> new PostgresTables(choice, handler);
            case SQLITE -> new SqliteTables(choice, handler);
        };
    }

    private static Failure missing(String table, StreamDecoder decoder) {
        List<String> tables = decoder.objects().stream()
                .filter(entry -> entry.kind().endsWith("table"))
                .map(entry -> entry.name())
                .toList();
        String known = String.join(", ", tables.subList(0, Math.min(NAMED, tables.size())));
        return new Failure(
                ExitCode.USAGE,
                "the stream holds no table " + table,
                "it holds " + (tables.isEmpty() ? "none" : known)
                        + (tables.size() > NAMED
                                ? " and " + (tables.size() - NAMED) + " more: bpipe-writer inspect lists them"
                                : ""));
    }
}
