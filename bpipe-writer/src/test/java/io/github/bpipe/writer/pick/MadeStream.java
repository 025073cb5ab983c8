package io.github.bpipe.writer.pick;

import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.core.stream.StreamFormat;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;

/** A whole stream of blocks written by hand. */
public final class MadeStream {
    private record Block(Phase phase, String object, byte[] text, long rows) {}

    private static final int FRAME_HEAD = 17;

    private final String engine;
    private final List<Block> blocks = new ArrayList<>();
    private final List<ObjectEntry> objects = new ArrayList<>();

    public MadeStream(String engine) {
        this.engine = engine;
    }

    public MadeStream block(Phase phase, String object, String text, long rows) {
        return block(phase, object, text.getBytes(StandardCharsets.UTF_8), rows);
    }

    public MadeStream block(Phase phase, String object, byte[] text, long rows) {
        blocks.add(new Block(phase, object, text, rows));
        return this;
    }

    public MadeStream object(String name, String kind, Long rows) {
        objects.add(new ObjectEntry(name, kind, rows, null));
        return this;
    }

    public byte[] bytes() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StreamEncoder encoder = new StreamEncoder(out, 1, 1, () -> {})) {
            encoder.header(new Header(
                    UUID.randomUUID(),
                    "full",
                    List.of(),
                    "test",
                    engine,
                    "cloud",
                    null,
                    Instant.now(),
                    null,
                    null,
                    null,
                    List.of(),
                    null,
                    null));
            for (Block block : blocks) {
                byte[] raw = Arrays.copyOf(block.text(), StreamFormat.BLOCK_BYTES);
                encoder.block(block.phase(), block.object(), raw, block.text().length, block.rows(), false);
            }
            encoder.finish(objects, 1);
        }
        return out.toByteArray();
    }

    /** The same with garbage in the middle of one block, which nothing but its decompression can show. */
    public byte[] withGarbageIn(int number) throws IOException {
        byte[] bytes = bytes();
        StreamDecoder decoder = new StreamDecoder(new ByteArrayInputStream(bytes));
        StoredBlock block = decoder.nextBlock();
        while (block.head().n() < number) {
            block = decoder.nextBlock();
        }
        bytes[(int) block.offset() + block.zstd().length / 2] ^= 0x55;
        int trailer = bytes.length - 1;
        while (bytes[trailer] != 'T' || bytes[trailer - 1] != '1' || bytes[trailer - 2] != 'S') {
            trailer--;
        }
        int frame = trailer - 12;
        String json = new String(bytes, frame + FRAME_HEAD, bytes.length - frame - FRAME_HEAD, StandardCharsets.UTF_8)
                .replaceFirst("[0-9a-f]{64}", sha256(Arrays.copyOf(bytes, frame)));
        byte[] content = json.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(content, 0, bytes, frame + FRAME_HEAD, content.length);
        CRC32C crc = new CRC32C();
        crc.update(content);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(trailer + 1, (int) crc.getValue());
        return bytes;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
