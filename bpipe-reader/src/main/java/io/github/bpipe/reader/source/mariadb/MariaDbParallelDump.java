package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.encode.SharedSink;
import io.github.bpipe.reader.source.DumpLanes;
import java.io.Closeable;
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
final class MariaDbParallelDump implements Closeable {
    private final MariaDbRuns runs;
    private final List<MariaDbShare> shares;
    private final String database;
    private final ObjectLedger ledger;
    private final SharedSink sink;
    private final BlockBuilder blocks;
    private final MariaDbSplitter splitter;
    private final DumpLanes lanes;
    private final MariaDbTableDefinitions definitions = new MariaDbTableDefinitions();
    private final MariaDbTableParts parts;
    private final MariaDbTurns turns;
    private final CountDownLatch begun;
    private final CountDownLatch proceed = new CountDownLatch(1);
    private final AtomicLong longest = new AtomicLong();

    /**
     * Prepares; nothing is started yet.
     *
     * @param heading comments that the script begins with
     */
    MariaDbParallelDump(
            MariaDbRuns runs,
            List<MariaDbShare> shares,
            MariaDbSharing sharing,
            String database,
            String heading,
            BlockSink sink,
            ObjectLedger ledger) {
        this.runs = runs;
        this.shares = shares;
        this.database = database;
        this.ledger = ledger;
        this.sink = new SharedSink(sink);
        this.blocks = new BlockBuilder(new Definitions());
        this.splitter = new MariaDbSplitter(blocks, ledger, database, heading);
        this.lanes = new DumpLanes(runs::endAll, this.sink::leave);
        this.parts = new MariaDbTableParts(shares);
        this.turns = new MariaDbTurns(sharing.jobs(), sharing.pause());
        this.begun = new CountDownLatch(shares.size() + 1);
    }

    /**
     * Starts all runs, while commits are blocked; none writes anything yet.
     *
     * @return false where one has not begun within the limit
     */
    boolean begin(Duration limit) throws IOException {
        lanes.start("definitions", () -> define(begun(runs::definitions)));
        for (int i = 0; i < shares.size(); i++) {
            int number = i;
            lanes.start("share-" + i, () -> read(number, begun(() -> runs.share(shares.get(number)))));
        }
        try {
            boolean all = begun.await(limit.toMillis(), TimeUnit.MILLISECONDS);
            lanes.throwFailure();
            return all;
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** What made a run fail, if one has failed. */
    void throwFailure() throws IOException {
        lanes.throwFailure();
    }

    /** Lets all runs write, when commits are no longer blocked. */
    void proceed() {
        proceed.countDown();
    }

    /**
     * Waits until everything is written.
     *
     * @return bytes of the longest statement
     */
    long finish() throws IOException {
        lanes.await();
        splitter.finish();
        return Math.max(longest.get(), blocks.longestUnit());
    }

    @Override
    public void close() throws IOException {
        lanes.close();
        splitter.close();
    }

    private interface Start {
        MariaDbDumpRun run() throws IOException;
    }

    private MariaDbDumpRun begun(Start start) throws IOException {
        MariaDbDumpRun run;
        try {
            run = start.run();
            run.awaitStart();
        } finally {
            // whoever waits finds out that it failed
            begun.countDown();
        }
        try {
            proceed.await();
        } catch (InterruptedException e) {
            run.close();
            throw interrupted(e);
        }
        return run;
    }

    private void define(MariaDbDumpRun run) throws IOException {
        try (run) {
            run.read(splitter);
            blocks.flush();
            definitions.complete();
        }
    }

    private void read(int number, MariaDbDumpRun run) throws IOException {
        MariaDbShareSink rows = new MariaDbShareSink(sink, definitions, parts, ledger);
        BlockBuilder ownBlocks = new BlockBuilder(rows);
        try (run;
                MariaDbSplitter ownSplitter = new MariaDbSplitter(ownBlocks, new ObjectLedger(), database, "")) {
            run.read(ownSplitter, () -> turns.await(number));
            ownSplitter.finish();
            longest.accumulateAndGet(ownBlocks.longestUnit(), Math::max);
            turns.end();
        }
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure(ExitCode.INTERRUPTED, "the dump was ended", "run it again", e);
    }

    /** Takes all but rows, and remembers the definitions. */
    private final class Definitions implements BlockSink {
        @Override
        public byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues)
                throws IOException {
            if (phase == Phase.SCHEMA) {
                definitions.add(object, filled, length);
            }
            return sink.block(phase, object, filled, length, rows, continues);
        }
    }
}
