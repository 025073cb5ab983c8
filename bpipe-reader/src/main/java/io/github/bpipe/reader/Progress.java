package io.github.bpipe.reader;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/** Tells how far a dump is: a line that renews itself on a terminal; elsewhere, only when asked, a line now and then. */
final class Progress implements Closeable {
    private static final Duration TERMINAL_PERIOD = Duration.ofMillis(500);
    static final Duration LOG_PERIOD = Duration.ofSeconds(30);

    private final Messages messages;
    private final boolean asked;
    private final Duration logPeriod;
    private final Timer timer = new Timer("bpipe-progress", true);
    private final AtomicLong rawBytes = new AtomicLong();
    private final AtomicLong rows = new AtomicLong();
    private final long begun = System.nanoTime();
    private volatile String object;
    private OptionalLong estimate = OptionalLong.empty();
    private LongSupplier written = () -> 0;

    /**
     * Tells nothing yet.
     *
     * @param asked for, where stderr is not a terminal
     * @param logPeriod between two lines there
     */
    Progress(Messages messages, boolean asked, Duration logPeriod) {
        this.messages = messages;
        this.asked = asked;
        this.logPeriod = logPeriod;
    }

    /**
     * Starts to tell.
     *
     * @param estimatedBytes of the whole dump before compression, where known
     * @param bytesWritten of the stream so far
     */
    void begin(OptionalLong estimatedBytes, LongSupplier bytesWritten) {
        estimate = estimatedBytes;
        written = bytesWritten;
        if (messages.onTerminal()) {
            repeat(() -> messages.transientLine(line()), TERMINAL_PERIOD);
        } else if (asked) {
            repeat(() -> messages.info(line()), logPeriod);
        }
    }

    /** A sink that counts what passes on to {@code next}. */
    BlockSink watch(BlockSink next) {
        return new BlockSink() {
            @Override
            public byte[] block(Phase phase, String name, byte[] filled, int length, long blockRows, boolean continues)
                    throws IOException {
                byte[] empty = next.block(phase, name, filled, length, blockRows, continues);
                count(name, length, blockRows);
                return empty;
            }

            @Override
            public byte[] lastBlock(String name, byte[] filled, int length, long blockRows) throws IOException {
                byte[] empty = next.lastBlock(name, filled, length, blockRows);
                count(name, length, blockRows);
                return empty;
            }
        };
    }

    private void count(String name, int length, long blockRows) {
        object = name;
        rawBytes.addAndGet(length);
        rows.addAndGet(blockRows);
    }

    /**
     * Tells the sum, where anything was to be told.
     *
     * @param allRows of the whole dump, also of one whose blocks hold no countable rows
     */
    void end(long allRows) {
        timer.cancel();
        rows.set(allRows);
        if (messages.onTerminal() || asked) {
            object = null;
            estimate = OptionalLong.empty();
            messages.info("complete: " + line());
        }
    }

    @Override
    public void close() {
        timer.cancel();
    }

    String line() {
        double seconds = Math.max(0.001, (System.nanoTime() - begun) / 1e9);
        StringBuilder line = new StringBuilder(Sizes.text(rawBytes.get()));
        if (estimate.isPresent()) {
            line.append(" of about ").append(Sizes.text(Math.max(estimate.getAsLong(), rawBytes.get())));
        }
        line.append(" (").append(Sizes.text(written.getAsLong())).append(" written), ");
        // the blocks of a database file hold no countable rows: their number is known at the end
        if (rows.get() > 0) {
            line.append(String.format(Locale.ROOT, "%,d rows, ", rows.get()));
        }
        line.append(Sizes.text((long) (rawBytes.get() / seconds))).append("/s");
        return object == null
                ? line.toString()
                : line.append(", ").append(object).toString();
    }

    private void repeat(Runnable task, Duration period) {
        TimerTask timerTask = new TimerTask() {
            @Override
            public void run() {
                task.run();
            }
        };
        timer.schedule(timerTask, period.toMillis(), period.toMillis());
    }
}
