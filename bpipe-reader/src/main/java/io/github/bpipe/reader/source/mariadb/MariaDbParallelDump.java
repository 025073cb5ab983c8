package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.encode.SharedSink;
import io.github.bpipe.reader.source.DumpLanes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One dump by several runs of the dump program: one of them gives all definitions, each of the others the rows of a share.
 * All begin their transactions while nobody may commit, so that their snapshots are one.
 */
final class MariaDbParallelDump {
    /** Starts a run of the dump program. */
    interface Start {
        MariaDbDumpRun run(MariaDbShare share) throws IOException;
    }

    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final List<MariaDbShare> shares;
    private final Start start;
    private final ObjectLedger ledger;
    private final String database;
    private final SharedSink sink;
    private final MariaDbTableDefinitions definitions = new MariaDbTableDefinitions();
    private final MariaDbTableParts parts;
    private final MariaDbTurns turns;
    private final CountDownLatch begun;
    private final CountDownLatch proceed = new CountDownLatch(1);
    private final AtomicLong longest = new AtomicLong();

    /**
     * Prepares; nothing is started yet.
     *
     * @param start of the run for a share; for null, of the one that gives the definitions
     */
    MariaDbParallelDump(
            String database, List<MariaDbShare> shares, int jobs, Start start, BlockSink sink, ObjectLedger ledger) {
        this.database = database;
        this.shares = shares;
        this.start = start;
        this.ledger = ledger;
        this.sink = new SharedSink(sink);
        this.parts = new MariaDbTableParts(shares);
        this.turns = new MariaDbTurns(jobs, PAUSE);
        this.begun = new CountDownLatch(shares.size() + 1);
    }

    /**
     * Starts all runs, while commits are blocked; none writes anything yet.
     *
     * @return false where one has not begun within the limit
     */
    boolean begin(DumpLanes lanes, MariaDbSplitter splitter, BlockBuilder blocks, Duration limit) throws IOException {
        lanes.start("definitions", () -> define(start(null), splitter, blocks));
        for (int i = 0; i < shares.size(); i++) {
            int number = i;
            lanes.start("share-" + i, () -> read(number, start(shares.get(number))));
        }
        try {
            boolean all = begun.await(limit.toMillis(), TimeUnit.MILLISECONDS);
            lanes.throwFailure();
            return all;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the dump was begun", e);
        }
    }

    /** Lets all runs write, when commits are no longer blocked. */
    void proceed() {
        proceed.countDown();
    }

    /** The sink for the blocks of the definitions, and of whatever comes behind all rows. */
    BlockSink sink() {
        return new BlockSink() {
            @Override
            public byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues)
                    throws IOException {
                if (phase == Phase.SCHEMA) {
                    definitions.add(object, filled, length);
                }
                return sink.block(phase, object, filled, length, rows, continues);
            }
        };
    }

    /** Bytes of the longest statement of the shares. */
    long longest() {
        return longest.get();
    }

    private MariaDbDumpRun start(MariaDbShare share) throws IOException {
        MariaDbDumpRun run;
        try {
            run = start.run(share);
            run.awaitStart();
        } finally {
            // whoever waits finds out that it failed
            begun.countDown();
        }
        try {
            proceed.await();
        } catch (InterruptedException e) {
            run.close();
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "the dump was ended", "run it again", e);
        }
        return run;
    }

    private void define(MariaDbDumpRun run, MariaDbSplitter splitter, BlockBuilder blocks) throws IOException {
        try (run) {
            run.read(splitter);
            blocks.flush();
            definitions.complete();
        } finally {
            sink.leave();
        }
    }

    private void read(int number, MariaDbDumpRun run) throws IOException {
        ObjectLedger own = new ObjectLedger();
        MariaDbShareSink rows = new MariaDbShareSink(sink, definitions, parts);
        BlockBuilder blocks = new BlockBuilder(rows);
        try (run;
                MariaDbSplitter splitter = new MariaDbSplitter(blocks, own, database, "")) {
            run.read(splitter, () -> turns.await(number));
            splitter.finish();
            rows.count(own, ledger);
            longest.accumulateAndGet(blocks.longestUnit(), Math::max);
            turns.end();
        } finally {
            sink.leave();
        }
    }
}
