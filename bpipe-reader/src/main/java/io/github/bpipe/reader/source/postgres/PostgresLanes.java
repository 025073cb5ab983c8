package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.encode.SharedSink;
import io.github.bpipe.reader.source.DumpLanes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The sessions that read the large tables, each in a thread of its own, beside pg_dump in the calling one. */
final class PostgresLanes {
    private final List<PostgresLane> lanes;
    private final Queue<PostgresShare> shares;
    private final Runnable endAll;

    /**
     * Sessions that have been started.
     *
     * @param shares that they read, in this order
     * @param endAll ends all programs, pg_dump too; from any thread, repeatedly
     */
    PostgresLanes(List<PostgresLane> lanes, List<PostgresShare> shares, Runnable endAll) {
        this.lanes = List.copyOf(lanes);
        this.shares = new ConcurrentLinkedQueue<>(shares);
        this.endAll = endAll;
    }

    /** Waits until each of them has its locks. */
    void awaitStart() throws IOException {
        for (PostgresLane lane : lanes) {
            lane.awaitStart();
        }
    }

    /**
     * Reads everything; when it returns, no block of a table can follow.
     *
     * @param items of the database, as the snapshot sees it
     * @param pgDump reads what pg_dump prints, beside the lanes
     * @return bytes of the longest row that a lane has read
     */
    long read(SharedSink sink, ObjectLedger ledger, List<PostgresObjects.Item> items, DumpLanes.Lane pgDump)
            throws IOException {
        List<BlockBuilder> builders = new ArrayList<>();
        try (DumpLanes threads = new DumpLanes(endAll, sink::leave)) {
            for (PostgresLane lane : lanes) {
                BlockBuilder builder = new BlockBuilder(sink);
                builders.add(builder);
                PostgresRows rows = new PostgresRows(builder, ledger, items);
                threads.start("bpipe-dump-" + builders.size(), () -> lane.read(shares, rows));
            }
            threads.runHere(pgDump);
            threads.await();
        }
        return builders.stream().mapToLong(BlockBuilder::longestUnit).max().orElse(0);
    }
}
