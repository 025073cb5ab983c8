package io.github.bpipe.writer;

import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.core.stream.StreamFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * A stream of a small database, with the bytes at which something else begins.
 *
 * @param inSchema in the first block
 * @param inData in a block about the middle
 * @param trailer the first of T
 */
record FaultStream(byte[] bytes, long inSchema, long inData, long trailer) {
    /** A block; its rows are those of one object. */
    record Block(Phase phase, String object, byte[] raw, long rows, boolean continues) {
        static Block sql(Phase phase, String object, String sql, long rows) {
            return new Block(phase, object, sql.getBytes(StandardCharsets.UTF_8), rows, false);
        }
    }

    static FaultStream of(
            String engine, String database, Object properties, List<Block> blocks, List<ObjectEntry> objects)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        long longest = 0;
        try (StreamEncoder encoder = new StreamEncoder(out, 1, 1, () -> {})) {
            encoder.header(new Header(
                    UUID.randomUUID(),
                    StreamFormat.KIND_FULL,
                    List.of(),
                    "test",
                    engine,
                    database,
                    null,
                    Instant.now(),
                    null,
                    null,
                    io.github.bpipe.core.stream.Json.toTree(properties),
                    List.of(),
                    null,
                    null));
            for (Block block : blocks) {
                byte[] filled = Arrays.copyOf(block.raw(), StreamFormat.BLOCK_BYTES);
                encoder.block(
                        block.phase(), block.object(), filled, block.raw().length, block.rows(), block.continues());
                longest = engine.equals("sqlite") ? 0 : Math.max(longest, block.raw().length);
            }
            encoder.finish(objects, longest);
        }
        byte[] bytes = out.toByteArray();
        List<Integer> frames = frames(bytes, 'B');
        int middle = frames.size() / 2;
        return new FaultStream(
                bytes,
                frames.size() > 1 ? frames.get(1) - 3 : frames.get(0) + 40,
                frames.size() > 1 ? frames.get(middle) - 50 : frames.get(0) + 200,
                frames(bytes, 'T').get(0));
    }

    /** Where the frames of that kind begin. */
    private static List<Integer> frames(byte[] bytes, char kind) {
        byte[] sign = ("BPS1" + kind).getBytes(StandardCharsets.US_ASCII);
        List<Integer> found = new ArrayList<>();
        for (int i = 8; i + sign.length < bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + sign.length, sign, 0, sign.length)) {
                // magic and length stand before it
                found.add(i - 8);
            }
        }
        return found;
    }
}
