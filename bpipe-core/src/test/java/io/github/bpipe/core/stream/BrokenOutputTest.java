package io.github.bpipe.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An output that fails or is slow: the failure is sticky, told once and at once, and memory stays bounded. */
@Timeout(60)
class BrokenOutputTest {
    private static final int BLOCKS = 60;

    private final AtomicInteger broken = new AtomicInteger();

    /** Takes so many bytes, then fails once; a second failure would be another one. */
    private static final class Full extends OutputStream {
        private long room;
        private boolean failed;

        Full(long room) {
            this.room = room;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            assertThat(failed).as("written to after it failed").isFalse();
            room -= count;
            if (room < 0) {
                failed = true;
                throw new IOException("No space left on device");
            }
        }
    }

    /** Takes nothing until it is opened. */
    private static final class Gate extends OutputStream {
        private final CountDownLatch opened = new CountDownLatch(1);
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(byte[] bytes, int from, int count) {
            try {
                // the header is no block
                if (taken.size() > 0) {
                    opened.await();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            taken.write(bytes, from, count);
        }
    }

    @Test
    void aFullDiskEndsTheDumpAndEveryLaterCallFailsTheSameWay() throws IOException {
        try (StreamEncoder encoder = new StreamEncoder(new Full(1 << 20), 1, 2, broken::incrementAndGet)) {
            encoder.header(StreamRoundTripTest.header());
            Throwable first = catchThrowable(() -> noise(encoder, BLOCKS));
            assertThat(first)
                    .isInstanceOf(Failure.class)
                    .hasMessage("writing the stream failed: No space left on device")
                    .hasRootCauseMessage("No space left on device");
            assertThat(((Failure) first).exitCode()).isEqualTo(ExitCode.OUTPUT);
            toldOnce();
            assertThat(catchThrowable(() -> noise(encoder, 1))).isSameAs(first);
            assertThat(catchThrowable(() -> encoder.finish(List.of(), 0))).isSameAs(first);
            assertThat(catchThrowable(() -> encoder.abort(new Abort(1, "r", "h"))))
                    .isSameAs(first);
            assertThat(broken).hasValue(1);
        }
    }

    @Test
    void anOutputThatFailsAtTheHeaderIsSticky() {
        try (StreamEncoder encoder = new StreamEncoder(new Full(10), 1, 1, broken::incrementAndGet)) {
            Throwable first = catchThrowable(() -> encoder.header(StreamRoundTripTest.header()));
            assertThat(first).isInstanceOf(Failure.class);
            assertThat(catchThrowable(() -> encoder.header(StreamRoundTripTest.header())))
                    .isSameAs(first);
            assertThat(catchThrowable(() -> encoder.abort(new Abort(1, "r", "h"))))
                    .isSameAs(first);
            assertThat(broken).hasValue(0);
        }
    }

    @Test
    void anOutputThatFailsAtTheTrailerIsSticky() throws IOException {
        ByteArrayOutputStream measured = new ByteArrayOutputStream();
        try (StreamEncoder encoder = new StreamEncoder(measured, 1, 1, () -> {})) {
            encoder.header(StreamRoundTripTest.header());
        }
        try (StreamEncoder encoder = new StreamEncoder(new Full(measured.size() + 5), 1, 1, broken::incrementAndGet)) {
            encoder.header(StreamRoundTripTest.header());
            Throwable first = catchThrowable(() -> encoder.finish(List.of(), 0));
            assertThat(first).isInstanceOf(Failure.class);
            assertThat(catchThrowable(() -> encoder.finish(List.of(), 0))).isSameAs(first);
            assertThat(catchThrowable(() -> encoder.abort(new Abort(1, "r", "h"))))
                    .isSameAs(first);
            assertThat(broken).hasValue(0);
        }
    }

    @Test
    void onlyAFailureOfTheLastBlocksIsToldByFinish() throws IOException {
        try (StreamEncoder encoder = new StreamEncoder(new Full(1 << 20), 1, 1, broken::incrementAndGet)) {
            encoder.header(StreamRoundTripTest.header());
            Throwable first = catchThrowable(() -> {
                noise(encoder, 1);
                encoder.finish(List.of(), 0);
            });
            assertThat(first).hasMessage("writing the stream failed: No space left on device");
        }
    }

    @Test
    void aDefectOfTheOutputDoesNotHangTheDump() throws IOException {
        OutputStream defective = new OutputStream() {
            private boolean header = true;

            @Override
            public void write(int b) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void write(byte[] bytes, int from, int count) {
                if (!header) {
                    throw new IllegalStateException("a defect");
                }
                header = false;
            }
        };
        try (StreamEncoder encoder = new StreamEncoder(defective, 1, 2, broken::incrementAndGet)) {
            encoder.header(StreamRoundTripTest.header());
            Throwable first = catchThrowable(() -> noise(encoder, BLOCKS));
            assertThat(first).isInstanceOf(Failure.class).hasMessageContaining("a defect");
            assertThat(((Failure) first).exitCode()).isEqualTo(ExitCode.INTERNAL);
            toldOnce();
        }
    }

    @Test
    void aDumpThatWaitsForItsNextBytesIsToldOfTheBrokenOutput() throws IOException, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        try (StreamEncoder encoder = new StreamEncoder(new Full(1 << 20), 1, 1, told::countDown)) {
            encoder.header(StreamRoundTripTest.header());
            noise(encoder, 1);
            // no further call: it must not need one
            assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void aSlowOutputHoldsTheDumpBackInBoundedMemory() throws Exception {
        Gate gate = new Gate();
        int threads = 2;
        AtomicInteger accepted = new AtomicInteger();
        try (StreamEncoder encoder = new StreamEncoder(gate, 1, threads, () -> {})) {
            encoder.header(StreamRoundTripTest.header());
            Thread dump = new Thread(() -> {
                try {
                    byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
                    for (int i = 0; i < BLOCKS; i++) {
                        buffer = encoder.block(Phase.DATA, "t", buffer, 1000, 0, false);
                        accepted.incrementAndGet();
                    }
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            dump.start();
            awaitWaiting(dump);
            assertThat(accepted.get()).isLessThanOrEqualTo(threads + 2);
            gate.opened.countDown();
            dump.join();
            assertThat(accepted).hasValue(BLOCKS);
            encoder.finish(List.of(), 0);
        }
        assertThat(Verified.content(gate.taken.toByteArray())).hasSize(BLOCKS * 1000);
    }

    /** The dump has handed over what fits and now waits for a slot without end. */
    private static void awaitWaiting(Thread dump) {
        while (dump.getState() != Thread.State.WAITING) {
            assertThat(dump.isAlive()).isTrue();
            Thread.onSpinWait();
        }
    }

    /** Another thread tells it, perhaps after the dump's own call has failed. */
    private void toldOnce() {
        while (broken.get() == 0) {
            Thread.onSpinWait();
        }
        assertThat(broken).hasValue(1);
    }

    private static void noise(StreamEncoder encoder, int blocks) throws IOException {
        byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
        Random random = new Random(7);
        for (int i = 0; i < blocks; i++) {
            random.nextBytes(buffer);
            buffer = encoder.block(Phase.DATA, "t", buffer, StreamFormat.BLOCK_BYTES, 0, false);
        }
    }
}
