package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.reader.encode.BlockBuilder;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import org.apache.commons.io.output.DeferredFileOutputStream;

/** Units that stand earlier in a dump than they may in the stream; kept in memory, or in a private file when many. */
final class HeldBack implements Closeable {
    private static final int IN_MEMORY_BYTES = 4 << 20;
    private static final int END_OF_UNIT = 0;

    private final DeferredFileOutputStream stored = DeferredFileOutputStream.builder()
            .setThreshold(IN_MEMORY_BYTES)
            .setPrefix("bpipe-held")
            .setSuffix(".sql")
            .get();
    private final DataOutputStream out = new DataOutputStream(stored);

    /** Takes more bytes of the unit in hand. */
    void append(byte[] bytes, int from, int count) throws IOException {
        if (count > 0) {
            out.writeInt(count);
            out.write(bytes, from, count);
        }
    }

    /** The unit in hand is whole. */
    void endUnit() throws IOException {
        out.writeInt(END_OF_UNIT);
    }

    /** Hands everything on, in order; nothing may be held back afterwards. */
    void release(BlockBuilder blocks) throws IOException {
        out.close();
        try (DataInputStream in = new DataInputStream(stored.toInputStream())) {
            while (true) {
                int count = in.readInt();
                if (count == END_OF_UNIT) {
                    blocks.endUnit(0);
                } else {
                    blocks.append(in.readNBytes(count), 0, count);
                }
            }
        } catch (EOFException e) {
            // everything was handed on
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
        if (stored.getPath() != null) {
            Files.deleteIfExists(stored.getPath());
        }
    }
}
