package io.github.bpipe.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A small good stream with every damage that one byte can take: none of them is ever accepted. */
@Timeout(120)
class DamagedStreamTest {
    private static final String[] GOOD = {
        "H",
        "B {\"phase\":\"setup\",\"-object\":0,\"rows\":0} | SET NAMES utf8mb4;\\n",
        "B {\"rows\":0,\"continues\":true} | INSERT INTO t VALUES ('<<ab*40>>',",
        "B {\"rows\":2} | 1),('',2);\\n",
        "frame x {}",
        "B {\"phase\":\"finish\",\"rows\":0} | ALTER TABLE t ADD KEY (i);\\n",
        "O",
        "T"
    };

    private final BlockDecompressor decompressor = new BlockDecompressor();
    private final StreamScript script = StreamScript.of(GOOD);
    private final byte[] good = script.bytes();

    @AfterEach
    void close() {
        decompressor.close();
    }

    @Test
    void theGoodStreamIsAccepted() throws IOException {
        assertThat(Verified.content(new ByteArrayInputStream(good), decompressor))
                .asString()
                .isEqualTo(script.content());
    }

    @Test
    void cutAtEveryByteItIsRefused() {
        for (int length = 0; length < good.length; length++) {
            refused(Arrays.copyOf(good, length), "cut at " + length);
        }
    }

    @Test
    void withAnyBitFlippedItIsRefused() {
        for (int at = 0; at < good.length; at++) {
            for (int bit = 0; bit < 8; bit++) {
                byte[] damaged = good.clone();
                damaged[at] ^= (byte) (1 << bit);
                refused(damaged, "bit " + bit + " of byte " + at);
            }
        }
    }

    @Test
    void withAnyByteSetToZeroOrOnesItIsRefused() {
        for (int at = 0; at < good.length; at++) {
            for (int value : new int[] {0x00, 0xFF}) {
                if (good[at] != (byte) value) {
                    byte[] damaged = good.clone();
                    damaged[at] = (byte) value;
                    refused(damaged, "byte " + at + " as " + value);
                }
            }
        }
    }

    @Test
    void withAnyByteLeftOutOrDoubledItIsRefused() {
        for (int at = 0; at < good.length; at++) {
            byte[] shorter = Arrays.copyOf(good, good.length - 1);
            System.arraycopy(good, at + 1, shorter, at, good.length - at - 1);
            refused(shorter, "without byte " + at);
            byte[] longer = Arrays.copyOf(good, good.length + 1);
            System.arraycopy(good, at, longer, at + 1, good.length - at);
            refused(longer, "byte " + at + " twice");
        }
    }

    @Test
    void lengthsThatPromiseMuchAllocateLittle() {
        StreamScript frame = StreamScript.of("H", "T", "patch T0+4 00 00 00 01");
        StreamScript block = StreamScript.of("H", "B {\"raw\":16777216,\"stored\":16908288} | x");
        for (byte[] liar : new byte[][] {frame.bytes(), block.bytes()}) {
            refused(liar, "a warm-up, since the first run loads classes");
            ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = threads.getCurrentThreadAllocatedBytes();
            refused(liar, "a length that lies");
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        }
    }

    private void refused(byte[] stream, String damage) {
        Throwable thrown = catchThrowable(() -> Verified.content(new ByteArrayInputStream(stream), decompressor));
        assertThat(thrown).as(damage).isInstanceOf(StreamException.class);
        StreamException exception = (StreamException) thrown;
        assertThat(exception.offset()).as(damage).isBetween(0L, (long) stream.length);
        assertThat(exception.hint()).as(damage).isNotBlank();
        String message = exception.getMessage();
        assertThat(message).as(damage).endsWith(" at byte " + exception.offset());
        assertThat(message.substring(0, 1))
                .as(damage)
                .isEqualTo(message.substring(0, 1).toLowerCase(Locale.ROOT));
    }
}
