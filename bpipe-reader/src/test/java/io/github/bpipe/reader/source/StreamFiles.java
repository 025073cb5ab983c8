package io.github.bpipe.reader.source;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.reader.encode.ObjectLedger;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;

/** Dumps sources into stream files as the program does, and reads such files back. */
public final class StreamFiles {
    private static final int FASTEST = 1;
    private static final int THREADS = 2;

    /** Gets each block of a file; only so many bytes of {@code raw} belong to it. */
    public interface Blocks {
        void block(BlockHead head, byte[] raw, int length) throws IOException;
    }

    private StreamFiles() {}

    /** Opens a source, dumps it whole, and closes it. */
    public static SourceFacts dump(Source source, Engine engine, Path file) throws IOException {
        try (source) {
            SourceFacts facts = source.open();
            dump(source, facts, engine, file, sink -> sink);
            return facts;
        }
    }

    /**
     * Dumps what is already open.
     *
     * @param watched what stands between the source and the file
     */
    public static Dumped dump(
            Source source, SourceFacts facts, Engine engine, Path file, UnaryOperator<BlockSink> watched)
            throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                StreamEncoder encoder = new StreamEncoder(out, FASTEST, THREADS, source::close)) {
            encoder.header(header(engine, facts));
            ObjectLedger ledger = new ObjectLedger();
            Dumped dumped = source.dump(watched.apply(encoder), ledger);
            encoder.finish(ledger.entries(), dumped.longest());
            return dumped;
        }
    }

    /** Reads a file to its end; the answer knows the header, the objects and the trailer. */
    public static StreamDecoder read(Path file, Blocks blocks) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                BlockDecompressor decompressor = new BlockDecompressor()) {
            StreamDecoder decoder = new StreamDecoder(in);
            for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
                int length = decompressor.decompress(block);
                blocks.block(block.head(), decompressor.buffer(), length);
            }
            return decoder;
        }
    }

    private static Header header(Engine engine, SourceFacts facts) {
        return new Header(
                UUID.randomUUID(),
                StreamFormat.KIND_FULL,
                List.of(),
                "test",
                engine.id(),
                "db",
                null,
                Instant.now(),
                facts.serverVersion(),
                facts.clientVersion(),
                facts.properties(),
                facts.accounts(),
                null,
                facts.position());
    }
}
