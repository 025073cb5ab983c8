package io.github.bpipe.core.stream;

import com.github.luben.zstd.Zstd;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Compresses blocks on several threads and hands them on in order.
 *
 * <p>A fixed number of slots bounds the memory: each holds one block raw and compressed, and {@link #submit} waits for
 * a free one.
 */
final class BlockCompressor implements Closeable {
    interface Output {
        void write(byte[] bytes, int length) throws IOException;
    }

    /** What is known of a block before it is numbered and compressed. */
    interface Heading {
        BlockHead of(long n, int stored);
    }

    /** One block under way. All memory is taken at the beginning, so that want of it ends no dump in the middle. */
    private static final class Slot {
        byte[] raw = new byte[StreamFormat.BLOCK_BYTES];
        final byte[] stored = new byte[Math.toIntExact(Zstd.compressBound(StreamFormat.BLOCK_BYTES))];
    }

    private record Pending(Slot slot, Future<BlockHead> head) {}

    private final Output output;
    private final Runnable onBroken;
    private final ExecutorService workers;
    private final LevelChoice choice;
    private final BlockingQueue<ZstdLevels> contexts;
    private final BlockingQueue<Slot> free;
    private final BlockingQueue<Pending> pending;
    private final Thread writer;
    private volatile IOException failure;
    private volatile boolean draining;
    private long blocks;
    private long rawBytes;

    BlockCompressor(int level, int threads, Output output, Runnable onBroken) {
        this.output = output;
        this.onBroken = onBroken;
        this.workers = Executors.newFixedThreadPool(threads, task -> daemon(task, "bpipe-compress"));
        this.choice = new LevelChoice(level);
        this.contexts = new ArrayBlockingQueue<>(threads);
        for (int i = 0; i < threads; i++) {
            contexts.add(new ZstdLevels(level));
        }
        int slots = threads + 2;
        this.free = new ArrayBlockingQueue<>(slots);
        for (int i = 0; i < slots; i++) {
            free.add(new Slot());
        }
        this.pending = new ArrayBlockingQueue<>(slots + 1);
        this.writer = daemon(this::writeInOrder, "bpipe-write");
        this.writer.start();
    }

    /**
     * As {@link BlockSink#block}.
     *
     * @param object that the block belongs to, or null
     * @param heading makes the B frame
     */
    byte[] submit(String object, byte[] filled, Heading heading, int length) throws IOException {
        if (length < 1 || length > StreamFormat.BLOCK_BYTES || filled.length != StreamFormat.BLOCK_BYTES) {
            throw new IllegalArgumentException("block of " + length + " bytes in an array of " + filled.length);
        }
        throwFailure();
        try {
            Slot slot = free.take();
            throwFailure();
            byte[] empty = slot.raw;
            slot.raw = filled;
            long n = blocks;
            LevelChoice.Way way = choice.next(object);
            Future<BlockHead> head = workers.submit(() -> compress(slot, n, heading, length, way));
            pending.put(new Pending(slot, head));
            blocks++;
            rawBytes += length;
            return empty;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Waits until everything submitted is written; nothing may be submitted afterwards. */
    void drain() throws IOException {
        draining = true;
        try {
            if (writer.isAlive()) {
                pending.put(new Pending(null, null));
                writer.join();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        throwFailure();
    }

    long blocks() {
        return blocks;
    }

    IOException failure() {
        return failure;
    }

    long rawBytes() {
        return rawBytes;
    }

    @Override
    public void close() {
        writer.interrupt();
        workers.shutdownNow();
    }

    private BlockHead compress(Slot slot, long n, Heading heading, int length, LevelChoice.Way way)
            throws InterruptedException {
        ZstdLevels context = contexts.take();
        try {
            return heading.of(n, way.compress(context, slot.raw, length, slot.stored));
        } finally {
            contexts.add(context);
        }
    }

    private void writeInOrder() {
        try {
            for (Pending next = pending.take(); next.slot() != null; next = pending.take()) {
                if (failure == null) {
                    writeBlock(next);
                }
                // after a failure too, because somebody may wait for the slot
                free.add(next.slot());
            }
        } catch (InterruptedException e) {
            // closed without a trailer: what is under way is dropped
            Thread.currentThread().interrupt();
        }
    }

    private void writeBlock(Pending next) throws InterruptedException {
        try {
            BlockHead head = next.head().get();
            byte[] frame = FrameCodec.encode(StreamFormat.BLOCK, head);
            output.write(frame, frame.length);
            output.write(next.slot().stored, head.stored());
        } catch (IOException e) {
            fail(e);
        } catch (ExecutionException e) {
            fail(defect(e.getCause()));
        } catch (RuntimeException e) {
            fail(defect(e));
        }
    }

    private static Failure defect(Throwable cause) {
        return new Failure(
                ExitCode.INTERNAL,
                "compressing or writing a block failed: " + cause,
                "run it again with --debug and report it",
                cause);
    }

    private void fail(IOException cause) {
        failure = cause;
        if (!draining) {
            onBroken.run();
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure(ExitCode.INTERRUPTED, "interrupted while writing the stream", "run it again", e);
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
