package io.github.bpipe.reader.encode;

import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes the blocks of several threads, each of which has a {@link BlockBuilder} of its own. The blocks of a statement that
 * spans several stay together: until its last one, all other threads wait.
 */
public final class SharedSink implements BlockSink {
    private final BlockSink sink;
    private final ReentrantLock lock = new ReentrantLock(true);
    private boolean torn;

    public SharedSink(BlockSink sink) {
        this.sink = sink;
    }

    @Override
    public byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues)
            throws IOException {
        take();
        boolean goesOn = false;
        try {
            byte[] empty = sink.block(phase, object, filled, length, rows, continues);
            goesOn = continues;
            return empty;
        } finally {
            if (!goesOn) {
                lock.unlock();
            }
        }
    }

    @Override
    public byte[] lastBlock(String object, byte[] filled, int length, long rows) throws IOException {
        take();
        try {
            return sink.lastBlock(object, filled, length, rows);
        } finally {
            lock.unlock();
        }
    }

    private void take() throws IOException {
        if (!lock.isHeldByCurrentThread()) {
            lock.lock();
        }
        if (torn) {
            lock.unlock();
            throw new IOException("the statement of another session is not complete");
        }
    }

    /** To be called by a thread that writes no more blocks; whose last statement is not complete leaves a useless dump. */
    public void leave() {
        if (lock.isHeldByCurrentThread()) {
            torn = true;
            lock.unlock();
        }
    }
}
