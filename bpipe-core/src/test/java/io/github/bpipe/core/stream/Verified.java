package io.github.bpipe.core.stream;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reads a stream to its end as every consumer does: through the decoder and the decompressor. */
final class Verified {
    private Verified() {}

    /** What the blocks hold. */
    static byte[] content(byte[] stream) throws IOException {
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            return content(new ByteArrayInputStream(stream), decompressor);
        }
    }

    /** As {@link #content(byte[])}, with a decompressor that serves many streams. */
    static byte[] content(InputStream stream, BlockDecompressor decompressor) throws IOException {
        StreamDecoder decoder = new StreamDecoder(stream);
        decoder.header();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
            int raw = decompressor.decompress(block);
            content.write(decompressor.buffer(), 0, raw);
        }
        return content.toByteArray();
    }
}
