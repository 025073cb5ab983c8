package io.github.bpipe.reader.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Threads that each dump a share of one database, beside the thread that began them, which may have a share of its own. The
 * first failure ends all of them, and is the one that counts: what the others then report is its consequence.
 */
public final class DumpLanes implements Closeable {
    /** A share, read by one thread. */
    public interface Lane {
        void run() throws IOException;
    }

    private final Runnable endAll;
    private final Runnable leave;
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile Throwable failure;

    /**
     * No lanes yet.
     *
     * @param endAll ends what every lane waits for, the caller's own part too; from any thread, repeatedly
     * @param leave what each lane does as its last, even where it failed; its failure is known by then, so that those that
     *     fail of its leaving count as consequences
     */
    public DumpLanes(Runnable endAll, Runnable leave) {
        this.endAll = endAll;
        this.leave = leave;
    }

    /** Begins a lane; called by one thread only. */
    public void start(String name, Lane lane) {
        Thread thread = new Thread(() -> run(lane), name);
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }

    /** Reads a share in the calling thread; fails as the first of all lanes did. */
    public void runHere(Lane lane) throws IOException {
        run(lane);
        throwFailure();
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

    /** Fails as the first lane did, where one has failed. */
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
        boolean first = false;
        try {
            lane.run();
        } catch (IOException | RuntimeException | Error e) {
            // an error too, because a lane that has ended in silence would look like one that has read everything
            first = fails(e);
        } finally {
            leave.run();
        }
        if (first) {
            endAll();
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
