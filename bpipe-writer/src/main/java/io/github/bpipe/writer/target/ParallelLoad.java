package io.github.bpipe.writer.target;

import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.StoredBlock;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads the blocks of a stream through several sessions, by the order rules of the format: every session is set up; the
 * first one runs the definitions, in their order; rows go to whichever session has nothing to do, once the server has
 * executed the definitions before them; blocks that continue stay together.
 *
 * @param <S> sessions of the engine
 */
public abstract class ParallelLoad<S extends LoadSession> implements Closeable {
    /** The lane that runs what must keep its order. */
    protected static final int FIRST = 0;

    private static final int NONE = -1;

    private final List<S> sessions;
    private final Lanes<S> lanes;
    /** True while the server may not have executed all definitions yet. */
    private boolean defining;

    private boolean finishing;
    /** The lane that has the block which goes on in the next one. */
    private int chain = NONE;
    /** By object, the lanes that were given rows of it; until its last rows. */
    private final Map<String, BitSet> carriers = new HashMap<>();

    protected ParallelLoad(List<S> sessions) {
        this.sessions = List.copyOf(sessions);
        this.lanes = new Lanes<>(this.sessions);
    }

    /** Takes the next block; what is wrong with it may be said by a later call. */
    public final void load(StoredBlock block) throws IOException {
        switch (block.head().phase()) {
            case SETUP -> {
                for (int i = FIRST; i < lanes.count(); i++) {
                    setUp(i, block);
                }
            }
            case SCHEMA -> {
                define(block);
                defining = true;
            }
            case DATA -> {
                if (finishing) {
                    lanes.on(FIRST, asItIs(block));
                } else {
                    rows(block.head());
                    data(block);
                }
            }
            case FINISH -> {
                beginFinish();
                finish(block);
            }
        }
    }

    /** All blocks are there: waits until the server has taken the last one. */
    public void finish() throws IOException {
        beginFinish();
        lanes.everywhere((session, decompressor) -> session.finish());
        lanes.drain();
    }

    @Override
    public final void close() {
        lanes.close();
        sessions.forEach(LoadSession::close);
    }

    /** Loads a block of session settings through that lane. */
    protected abstract void setUp(int lane, StoredBlock block) throws IOException;

    /** Loads a block of definitions, through the first lane. */
    protected abstract void define(StoredBlock block) throws IOException;

    /** Loads a block of the finish. */
    protected abstract void finish(StoredBlock block) throws IOException;

    /** Called before the rows of a block are given out. */
    protected void rows(BlockHead head) {}

    /**
     * Called when the last rows of an object have been given out, where the stream tells; {@link #settle} waits until the
     * server has executed all of them.
     */
    protected abstract void rowsEnd(String ofObject) throws IOException;

    /** Called once, when the server has executed all rows and no block of the finish. */
    protected abstract void allRowsAreThere() throws IOException;

    /**
     * Whether no other lane may get rows until the server has executed these.
     *
     * @param head of a block that does not continue
     */
    protected abstract boolean alone(BlockHead head);

    protected final Lanes<S> lanes() {
        return lanes;
    }

    protected final S first() {
        return sessions.get(FIRST);
    }

    /** Waits until the server has executed what all lanes were given. */
    protected final void sync() throws IOException {
        lanes.everywhere((session, decompressor) -> session.sync());
        lanes.drain();
    }

    /** Waits until the server has executed the rows of that object; other lanes go on. */
    protected final void settle(String ofObject) throws IOException {
        BitSet busy = carriers.get(ofObject);
        for (int lane = busy.nextSetBit(FIRST); lane >= 0; lane = busy.nextSetBit(lane + 1)) {
            lanes.on(lane, (session, decompressor) -> session.sync());
        }
        for (int lane = busy.nextSetBit(FIRST); lane >= 0; lane = busy.nextSetBit(lane + 1)) {
            lanes.drain(lane);
        }
    }

    /** Decompresses a block and loads it unchanged. */
    protected final Lanes.Task<S> asItIs(StoredBlock block) {
        return (session, decompressor) -> {
            decompressor.decompress(block);
            session.load(block.head(), decompressor.content());
        };
    }

    private void data(StoredBlock block) throws IOException {
        if (defining) {
            sync(FIRST);
            defining = false;
        }
        if (chain == NONE) {
            chain = lanes.anywhere(asItIs(block));
        } else {
            lanes.on(chain, asItIs(block));
        }
        String object = block.head().object();
        carriers.computeIfAbsent(object, unseen -> new BitSet()).set(chain);
        if (!block.head().continues()) {
            if (alone(block.head())) {
                sync(chain);
            }
            chain = NONE;
        }
        if (block.head().isLast()) {
            rowsEnd(object);
            carriers.remove(object);
        }
    }

    /** With one lane only, everything is in order anyway. */
    private void sync(int lane) throws IOException {
        if (lanes.count() > 1) {
            lanes.on(lane, (session, decompressor) -> session.sync());
            lanes.drain(lane);
        }
    }

    private void beginFinish() throws IOException {
        if (!finishing) {
            finishing = true;
            sync();
            allRowsAreThere();
        }
    }
}
