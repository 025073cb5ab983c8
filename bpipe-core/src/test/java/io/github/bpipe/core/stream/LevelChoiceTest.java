package io.github.bpipe.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LevelChoiceTest {
    private static final int LENGTH = 1 << 20;

    private final ZstdLevels levels = new ZstdLevels(StreamEncoder.LEVEL_BY_CONTENT);
    private final LevelChoice choice = new LevelChoice(StreamEncoder.LEVEL_BY_CONTENT);
    private final byte[] into = new byte[Math.toIntExact(Zstd.compressBound(LENGTH))];

    @Test
    void proseIsCompressedThoroughlyAndHashesAreNot() throws Exception {
        byte[] prose = prose();
        byte[] hashes = hashes();
        int proseThorough = levels.thorough(prose, LENGTH, into);
        int hashesFast = levels.fast(hashes, LENGTH, into);
        assertThat(proseThorough).isLessThan(levels.fast(prose, LENGTH, into));
        assertThat(hashesFast).isNotEqualTo(levels.thorough(hashes, LENGTH, into));
        List<Integer> ofProse = new ArrayList<>();
        List<Integer> ofHashes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            ofProse.add(compress("posts", prose));
            ofHashes.add(compress("files", hashes));
        }
        assertThat(ofProse).containsOnly(proseThorough);
        assertThat(ofHashes.subList(1, 40)).containsOnly(hashesFast);
    }

    @Test
    void theFirstBlockIsCompressedThoroughly() throws Exception {
        byte[] hashes = hashes();
        int thorough = levels.thorough(hashes, LENGTH, into);
        assertThat(compress("one", hashes)).isEqualTo(thorough);
        assertThat(compress("two", hashes)).isEqualTo(thorough);
        assertThat(compress("one", hashes)).isNotEqualTo(thorough);
    }

    @Test
    void theChoiceFollowsTheContent() throws Exception {
        byte[] hashes = hashes();
        byte[] prose = prose();
        for (int i = 0; i < 33; i++) {
            compress("rows", hashes);
        }
        int trial = compress("rows", prose);
        assertThat(trial).isEqualTo(levels.thorough(prose, LENGTH, into));
        assertThat(compress("rows", prose)).isEqualTo(trial);
    }

    @Test
    void aLevelThatIsNamedIsUsedForAll() throws Exception {
        LevelChoice named = new LevelChoice(9);
        ZstdLevels nine = new ZstdLevels(9);
        byte[] prose = prose();
        int length = nine.thorough(prose, LENGTH, into);
        for (int i = 0; i < 3; i++) {
            assertThat(named.next("rows").compress(nine, prose, LENGTH, into)).isEqualTo(length);
        }
        assertThat(length).isLessThan(levels.thorough(prose, LENGTH, into));
    }

    /** Several threads, of which each may come first, make the same stream as one. */
    @Test
    void theStreamDoesNotDependOnTheThreads() throws Exception {
        byte[] one = blocks(1);
        for (int i = 0; i < 5; i++) {
            assertThat(blocks(4)).isEqualTo(one);
        }
    }

    private static byte[] blocks(int threads) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] prose = prose();
        byte[] hashes = hashes();
        byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
        try (BlockCompressor compressor = new BlockCompressor(
                StreamEncoder.LEVEL_BY_CONTENT, threads, (bytes, length) -> out.write(bytes, 0, length), () -> {})) {
            for (int i = 0; i < 12; i++) {
                boolean even = i % 2 == 0;
                System.arraycopy(even ? prose : hashes, 0, buffer, 0, LENGTH);
                buffer = compressor.submit(
                        even ? "posts" : "files",
                        buffer,
                        (n, stored) -> new BlockHead(n, Phase.DATA, "t", LENGTH, stored, 1, false),
                        LENGTH);
            }
            compressor.drain();
        }
        return out.toByteArray();
    }

    private int compress(String object, byte[] raw) throws InterruptedException {
        return choice.next(object).compress(levels, raw, LENGTH, into);
    }

    private static byte[] hashes() {
        return text(random -> Long.toHexString(random.nextLong()) + "\t" + random.nextInt(100) + "\n");
    }

    /** Sentences that come again with other words in them. */
    private static byte[] prose() {
        Random words = new Random(2);
        List<String> vocabulary = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            StringBuilder word = new StringBuilder();
            for (int letters = 2 + words.nextInt(8); letters > 0; letters--) {
                word.append((char) ('a' + words.nextInt(26)));
            }
            vocabulary.add(word.toString());
        }
        return text(random -> vocabulary.get((int) (Math.pow(random.nextDouble(), 3) * vocabulary.size())) + " ");
    }

    private interface Piece {
        String of(Random random);
    }

    private static byte[] text(Piece piece) {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        while (text.length() < LENGTH) {
            text.append(piece.of(random));
        }
        return text.substring(0, LENGTH).getBytes(StandardCharsets.US_ASCII);
    }
}
