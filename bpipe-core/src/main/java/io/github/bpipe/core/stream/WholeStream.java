package io.github.bpipe.core.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * A stream that was read to its end and proved whole and undamaged, without any database.
 *
 * @param header its H frame
 * @param objects its O frames
 * @param trailer its T frame
 * @param bytes how long it is
 */
public record WholeStream(Header header, List<ObjectEntry> objects, Trailer trailer, long bytes) {
    /** Takes what the blocks hold. */
    public interface Content {
        void take(byte[] raw, int length) throws IOException;
    }

    /** Reads a stream to its end, or fails saying what is wrong with it and where. */
    public static WholeStream read(InputStream in, Content content) throws IOException {
        StreamDecoder decoder = new StreamDecoder(in);
        Header header = decoder.header();
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            for (StoredBlock block = decoder.nextBlock(); block != null; block = decoder.nextBlock()) {
                int length = decompressor.decompress(block);
                content.take(decompressor.buffer(), length);
            }
        }
        return new WholeStream(header, decoder.objects(), decoder.trailer(), decoder.offset());
    }
}
