package io.github.bpipe.reader.encode;

import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StreamFormat;
import java.io.IOException;
import java.util.Objects;

/**
 * Cuts a dump into blocks at the ends of its units (statements, or rows of a COPY), so that every block is complete in
 * itself; a unit longer than a block goes on in the next ones.
 *
 * <p>Where the cuts fall depends on the bytes alone, never on how many of them arrive at once.
 */
public final class BlockBuilder {
    private static final byte[] NOTHING = new byte[0];

    private final BlockSink sink;
    private byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
    private int length;
    private Phase phase = Phase.SETUP;
    private String object;
    private byte[] prefix = NOTHING;
    private byte[] suffix = NOTHING;

    /** Where the last whole unit in the buffer ends; 0 while there is none. */
    private int unitsEnd;

    private long rowsInUnits;
    /** True while the unit in hand began in an earlier block. */
    private boolean continuing;

    private long unitBytes;
    private long longestUnit;

    public BlockBuilder(BlockSink sink) {
        this.sink = sink;
    }

    /** What follows belongs to that object and phase; what stands before becomes a block of its own where it differs. */
    public void section(Phase newPhase, String newObject) throws IOException {
        section(newPhase, newObject, NOTHING, NOTHING);
    }

    /**
     * As {@link #section(Phase, String)}, with bytes that each block of the section begins and ends with.
     *
     * @param newPrefix stands before the first unit of each block
     * @param newSuffix stands behind the last unit of each block
     */
    public void section(Phase newPhase, String newObject, byte[] newPrefix, byte[] newSuffix) throws IOException {
        boolean same = phase == newPhase
                && Objects.equals(object, newObject)
                && prefix.length == 0
                && suffix.length == 0
                && newPrefix.length == 0
                && newSuffix.length == 0;
        if (same) {
            return;
        }
        flush();
        phase = newPhase;
        object = newObject;
        prefix = newPrefix;
        suffix = newSuffix;
    }

    /** Takes more bytes of the unit in hand. */
    public void append(byte[] bytes, int from, int count) throws IOException {
        unitBytes += count;
        int taken = 0;
        while (taken < count) {
            if (length == 0 && !continuing) {
                put(prefix);
            }
            int room = buffer.length - suffix.length - length;
            if (room == 0) {
                makeRoom();
                continue;
            }
            int part = Math.min(room, count - taken);
            System.arraycopy(bytes, from + taken, buffer, length, part);
            length += part;
            taken += part;
        }
    }

    /**
     * The unit in hand is whole.
     *
     * @param rows that it holds
     */
    public void endUnit(long rows) throws IOException {
        longestUnit = Math.max(longestUnit, unitBytes);
        unitBytes = 0;
        unitsEnd = length;
        rowsInUnits += rows;
        if (continuing) {
            continuing = false;
            flush();
        }
    }

    /** Makes a block of the whole units in hand; a caller's mistake in the middle of one. */
    public void flush() throws IOException {
        requireWhole();
        if (length > 0) {
            emitUnits();
        }
    }

    /** As {@link #flush}, for the last rows of the object. */
    public void endRows() throws IOException {
        requireWhole();
        if (length > 0) {
            put(suffix);
            buffer = sink.lastBlock(object, buffer, length, rowsInUnits);
            rowsInUnits = 0;
            length = 0;
            unitsEnd = 0;
        }
    }

    /** Bytes of the longest unit so far. */
    public long longestUnit() {
        return longestUnit;
    }

    private void requireWhole() {
        if (unitsEnd != length || continuing) {
            throw new IllegalStateException("in the middle of a unit of " + object);
        }
    }

    private void makeRoom() throws IOException {
        if (unitsEnd > 0) {
            emitUnits();
        } else {
            continuing = true;
            emit(length, true);
            length = 0;
        }
    }

    /** Emits the whole units and keeps what has begun behind them. */
    private void emitUnits() throws IOException {
        int rest = length - unitsEnd;
        byte[] full = buffer;
        byte[] tail = java.util.Arrays.copyOfRange(full, unitsEnd, length);
        length = unitsEnd;
        put(suffix);
        emit(length, false);
        length = 0;
        unitsEnd = 0;
        if (rest > 0) {
            put(prefix);
            put(tail);
        }
    }

    private void emit(int bytes, boolean continues) throws IOException {
        buffer = sink.block(phase, object, buffer, bytes, rowsInUnits, continues);
        rowsInUnits = 0;
    }

    private void put(byte[] bytes) {
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }
}
