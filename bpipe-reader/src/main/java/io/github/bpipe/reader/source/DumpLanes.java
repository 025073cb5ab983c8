package io.github.bpipe.reader.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Threads that each dump a share of one database, beside the thread that began them. The first failure ends all of them,
 * and is the one that counts: what the others then report is its consequence.
 */
public final class DumpLanes implements Closeable {
    /** What one thread does. */
    public interface Lane {
        void run() throws IOException;
    }

    private final Runnable endAll;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile Throwable failure;

    /**
     * No lanes yet.
     *
     * @param endAll ends what every lane waits for, the caller's own part too; from any thread, repeatedly
     */
    public DumpLanes(Runnable endAll) {
        this.endAll = endAll;
    }

    /** Begins a lane; called by one thread only. */
    public void start(String name, Lane lane) {
        Thread thread = new Thread(() -> run(lane), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Waits until every lane has ended; fails as the first of them did. */
    public void await() throws IOException {
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while other sessions dump", e);
        }
        throwFailure();
    }

    /** What the caller's own failure really is: that of a lane, where one failed before. */
    public void throwFailure() throws IOException {
        Throwable first = failure;
        if (first instanceof IOException e) {
            throw e;
        }
        if (first instanceof RuntimeException e) {
            throw e;
        }
        if (first instanceof Error e) {
            throw e;
        }
    }

    /** Ends the lanes that still run, and waits for them: nothing writes a block afterwards. */
    @Override
    public void close() {
        if (threads.stream().noneMatch(Thread::isAlive)) {
            return;
        }
        endAll();
        boolean interrupted = false;
        for (Thread thread : threads) {
            while (thread.isAlive()) {
                try {
                    thread.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(Lane lane) {
        try {
            lane.run();
        } catch (IOException | RuntimeException | Error e) {
            // an error too, because a lane that has ended in silence would look like one that has read everything
            if (fails(e)) {
                endAll();
            }
        }
    }

    /** Those that wait for another lane hear of it too. */
    private void endAll() {
        endAll.run();
        threads.forEach(Thread::interrupt);
    }

    private synchronized boolean fails(Throwable e) {
        boolean first = failure == null;
        if (first) {
            failure = e;
        }
        return first;
    }
}
