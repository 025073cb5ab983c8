package io.github.bpipe.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ProgressTest {
    private static final Duration OFTEN = Duration.ofMillis(1);

    /** Where messages go: keeps them, and lets a test wait for so many writes. */
    private static final class Shown extends OutputStream {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private final CountDownLatch lines;

        Shown(int lines) {
            this.lines = new CountDownLatch(lines);
        }

        @Override
        public synchronized void write(int character) {
            text.write(character);
            if (character == '\n' || character == '\r') {
                lines.countDown();
            }
        }

        synchronized String text() {
            return text.toString(StandardCharsets.UTF_8);
        }
    }

    private static Messages messages(OutputStream err, boolean terminal) {
        return new Messages(
                "bpipe-reader",
                new Surroundings(
                        InputStream.nullInputStream(),
                        OutputStream.nullOutputStream(),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Map.of(),
                        false,
                        terminal));
    }

    private static void pass(Progress progress, String object, int bytes, long rows) throws IOException {
        BlockSink sink = progress.watch((phase, name, filled, length, blockRows, continues) -> filled);
        byte[] block = new byte[bytes];
        assertThat(sink.block(Phase.DATA, object, block, bytes, rows, false)).isSameAs(block);
    }

    @Test
    void aLineAppearsAgainAndAgainWhereItIsAskedFor() throws Exception {
        Shown shown = new Shown(3);
        try (Progress progress = new Progress(messages(shown, false), true, OFTEN)) {
            pass(progress, "oc_share", 2000, 1234);
            progress.begin(OptionalLong.of(4000), () -> 1000);
            shown.lines.await();
        }
        assertThat(shown.text().lines().limit(3))
                .hasSize(3)
                .allMatch(line ->
                        line.matches("bpipe-reader: 2\\.0 kB of about 4\\.0 kB \\(1\\.0 kB written\\), 1,234 rows,"
                                + " .*/s, oc_share"));
        assertThat(Progress.LOG_PERIOD).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void nothingAppearsUnasked() throws Exception {
        Shown silent = new Shown(1);
        Shown other = new Shown(20);
        try (Progress unasked = new Progress(messages(silent, false), false, OFTEN);
                Progress asked = new Progress(messages(other, false), true, OFTEN)) {
            unasked.begin(OptionalLong.empty(), () -> 0);
            asked.begin(OptionalLong.empty(), () -> 0);
            other.lines.await();
            pass(unasked, "t", 1, 1);
            unasked.end(1);
        }
        assertThat(silent.text()).isEmpty();
    }

    @Test
    void aTerminalSeesOneLineThatRenewsItself() throws Exception {
        Shown shown = new Shown(2);
        try (Progress progress = new Progress(messages(shown, true), false, Duration.ofDays(1))) {
            progress.begin(OptionalLong.empty(), () -> 0);
            assertThat(shown.lines.await(50, TimeUnit.SECONDS)).isTrue();
            assertThat(shown.text()).startsWith("\r\u001b[K0 B").doesNotContain("\n");
            progress.end(5);
        }
        assertThat(shown.text()).contains("\r\u001b[Kbpipe-reader: complete: ").endsWith("/s\n");
    }

    @Test
    void rowsThatNobodyCountedOnTheWayStandInTheSumOnly() throws Exception {
        Shown shown = new Shown(1);
        try (Progress progress = new Progress(messages(shown, false), true, Duration.ofDays(1))) {
            progress.begin(OptionalLong.of(10), () -> 5);
            pass(progress, null, 10, 0);
            assertThat(progress.line()).doesNotContain("rows");
            progress.end(60_000);
        }
        assertThat(shown.text()).contains("complete: 10 B (5 B written), 60,000 rows, ");
    }
}
