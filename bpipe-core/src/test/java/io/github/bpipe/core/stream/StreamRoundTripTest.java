package io.github.bpipe.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class StreamRoundTripTest {
    static Header header() {
        return new Header(
                UUID.fromString("0b8f5a4e-5c1c-4a0e-9d5e-6a3a3f3f1c11"),
                StreamFormat.KIND_FULL,
                List.of(),
                "bpipe-reader test",
                "mariadb",
                "d\u00e4tabase",
                null,
                Instant.parse("2026-01-02T03:04:05Z"),
                "10.11",
                "10.11",
                Json.toTree(java.util.Map.of("charset", "utf8mb4")),
                List.of(),
                null,
                null);
    }

    @Test
    void manyBlocksComeBackInOrder() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int blocks = 25;
        byte[][] contents = new byte[blocks][];
        Random random = new Random(1);
        try (StreamEncoder encoder = new StreamEncoder(out, 3, 2, () -> {})) {
            encoder.header(header());
            byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
            for (int i = 0; i < blocks; i++) {
                contents[i] = new byte[1 + random.nextInt(300_000)];
                random.nextBytes(contents[i]);
                System.arraycopy(contents[i], 0, buffer, 0, contents[i].length);
                buffer = encoder.block(Phase.DATA, "t", buffer, contents[i].length, 2, false);
            }
            encoder.finish(List.of(new ObjectEntry("t", "table", 2L * blocks, 5L)), 77);
        }
        StreamDecoder decoder = new StreamDecoder(new ByteArrayInputStream(out.toByteArray()));
        assertThat(decoder.header()).isEqualTo(header());
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            for (int i = 0; i < blocks; i++) {
                StoredBlock block = decoder.nextBlock();
                int raw = decompressor.decompress(block);
                assertThat(Arrays.copyOf(decompressor.buffer(), raw)).isEqualTo(contents[i]);
            }
        }
        assertThat(decoder.nextBlock()).isNull();
        assertThat(decoder.trailer().longest()).isEqualTo(77);
        assertThat(decoder.objects()).containsExactly(new ObjectEntry("t", "table", 2L * blocks, 5L));
    }
}
