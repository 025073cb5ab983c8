package io.github.bpipe.writer.target;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockDecompressor;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Threads that work side by side, each with a session of its own and a decompressor of its own; what one is given it
 * does in that order. A lane holds at most one task and nothing waits in a queue, so that memory is bounded by the
 * number of lanes.
 *
 * <p>The first failure stops everything: whatever is asked of the lanes afterwards fails with it. One thread gives out
 * the tasks.
 *
 * @param <S> what a lane works with
 */
public final class Lanes<S> implements Closeable {
    /**
     * Something for a lane to do.
     *
     * @param <S> what a lane works with
     */
    public interface Task<S> {
        void run(S session, BlockDecompressor decompressor) throws IOException;
    }

    private final Object monitor = new Object();
    private final List<Lane> lanes = new ArrayList<>();
    /** Which of the lanes behind the first one was last given a task. */
    private int last;

    private Throwable failure;
    private boolean closed;

    /** Starts a lane for each session. */
    public Lanes(List<S> sessions) {
        for (S session : sessions) {
            Lane lane = new Lane(session);
            lanes.add(lane);
            Thread thread = new Thread(lane, "lane-" + lanes.size());
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** How many there are. */
    public int count() {
        return lanes.size();
    }

    /**
     * Gives a task to a lane that has nothing to do, to each in turn and the first one least of all; waits until there is
     * one.
     *
     * @return which one
     */
    public int anywhere(Task<S> task) throws IOException {
        synchronized (monitor) {
            while (true) {
                throwFailure();
                for (int tried = 1; tried < lanes.size(); tried++) {
                    int i = 1 + (last + tried) % (lanes.size() - 1);
                    if (lanes.get(i).task == null) {
                        lanes.get(i).give(task);
                        last = i - 1;
                        return i;
                    }
                }
                if (lanes.get(0).task == null) {
                    lanes.get(0).give(task);
                    return 0;
                }
                await();
            }
        }
    }

    /** Gives a task to that lane, when it has done what it was given before. */
    public void on(int lane, Task<S> task) throws IOException {
        synchronized (monitor) {
            awaitIdle(lanes.get(lane));
            lanes.get(lane).give(task);
        }
    }

    /** Gives a task to each of the lanes, when that lane has done what it was given before. */
    public void everywhere(Task<S> task) throws IOException {
        for (int i = 0; i < lanes.size(); i++) {
            on(i, task);
        }
    }

    /** Waits until that lane has nothing to do. */
    public void drain(int lane) throws IOException {
        synchronized (monitor) {
            awaitIdle(lanes.get(lane));
        }
    }

    /** Waits until no lane has anything to do. */
    public void drain() throws IOException {
        for (int i = 0; i < lanes.size(); i++) {
            drain(i);
        }
    }

    /**
     * Lets the lanes end; what they are at ends when the caller closes the sessions, which comes next. From any thread,
     * repeatedly.
     */
    @Override
    public void close() {
        synchronized (monitor) {
            closed = true;
            monitor.notifyAll();
        }
    }

    private void awaitIdle(Lane lane) throws IOException {
        throwFailure();
        while (lane.task != null) {
            await();
            throwFailure();
        }
    }

    @SuppressWarnings("WaitNotInLoop") // the callers loop
    private void await() throws Failure {
        try {
            monitor.wait();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "interrupted while sessions load", "run it again", e);
        }
    }

    private void throwFailure() throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
    }

    private final class Lane implements Runnable {
        private final S session;
        private Task<S> task;

        Lane(S session) {
            this.session = session;
        }

        void give(Task<S> next) throws Failure {
            if (closed) {
                throw new Failure(ExitCode.INTERRUPTED, "the load was ended", "run it again");
            }
            task = next;
            monitor.notifyAll();
        }

        @Override
        public void run() {
            try (BlockDecompressor decompressor = new BlockDecompressor()) {
                for (Task<S> next = take(); next != null; next = take()) {
                    next.run(session, decompressor);
                    done(null);
                }
            } catch (IOException | RuntimeException | Error e) {
                done(e);
            }
        }

        private Task<S> take() {
            synchronized (monitor) {
                while (task == null && !closed) {
                    try {
                        monitor.wait();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("nobody interrupts a lane", e);
                    }
                }
                return task;
            }
        }

        private void done(Throwable thrown) {
            synchronized (monitor) {
                task = null;
                failure = failure == null ? thrown : failure;
                monitor.notifyAll();
            }
        }
    }
}
