package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.ParallelLoad;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Loads the blocks of a stream into the staged database through several psql. Indexes and key constraints are made by
 * whichever has nothing to do, each as a task of its own; what else is in the finish runs alone and in its order.
 */
final class PostgresLoader extends ParallelLoad<PostgresLoadSession> {
    /** How many the server's machine has is not known, so that it is taken for one like this. */
    private static final int CORES = Runtime.getRuntime().availableProcessors();

    private static final String PLACE_OF_STATISTICS = "the statistics";
    private static final String BACKSLASH_ESCAPES = "standard_conforming_strings = off";

    private final PostgresClients clients;
    private final String database;
    private final PostgresSetup setup;
    /** What all sessions may make side by side when the next other block comes. */
    private final PostgresIndexQueue indexes;
    /** True where the last block of the finish goes on in the next one. */
    private boolean continued;

    private volatile boolean standardStrings = true;

    /**
     * Starts the sessions.
     *
     * @param clients for questions beside what is loaded
     * @param setup fits session settings to this server
     * @param jobs how many sessions
     */
    PostgresLoader(PostgresClients clients, RestrictedPsql psql, String database, PostgresSetup setup, int jobs)
            throws IOException {
        super(sessions(psql, database, jobs));
        this.clients = clients;
        this.database = database;
        this.setup = setup;
        this.indexes = new PostgresIndexQueue(jobs, CORES);
    }

    private static List<PostgresLoadSession> sessions(RestrictedPsql psql, String database, int jobs)
            throws IOException {
        String settings = settings(jobs);
        List<PostgresLoadSession> sessions = new ArrayList<>();
        try {
            for (int i = 0; i < jobs; i++) {
                sessions.add(new PostgresLoadSession(psql, database, settings));
            }
            return sessions;
        } catch (IOException e) {
            sessions.forEach(PostgresLoadSession::close);
            throw e;
        }
    }

    /**
     * What makes the sessions share the machine. Workers of a session pay where a core is left for them, and cost an
     * eighth more CPU time where none is (seen).
     */
    private static String settings(int jobs) {
        return setting(
                        "maintenance_work_mem",
                        "GREATEST(setting::bigint, " + PostgresIndexQueue.ALL_SORTS_MEBIBYTES / jobs * 1024
                                + ") || 'kB'")
                + setting("max_parallel_maintenance_workers", "'" + PostgresIndexQueue.workers(CORES, jobs) + "'");
    }

    /** For servers that know it. */
    private static String setting(String name, String value) {
        return "SELECT pg_catalog.set_config(name, " + value + ", false) FROM pg_catalog.pg_settings WHERE name = '"
                + name + "';\n";
    }

    /**
     * All blocks are there: waits until the server has taken the last one, and lets the sessions make the statistics,
     * for which {@link #finish} waits.
     */
    void complete() throws IOException {
        makeIndexes();
        sync();
        Queue<String> statements = new ConcurrentLinkedQueue<>(PostgresStatistics.statements(clients, database));
        lanes().everywhere((session, decompressor) -> {
            for (String next = statements.poll(); next != null; next = statements.poll()) {
                session.enter(PLACE_OF_STATISTICS);
                session.write(next.getBytes(StandardCharsets.US_ASCII));
                session.sync();
            }
        });
    }

    @Override
    protected void setUp(int lane, StoredBlock block) throws IOException {
        if (isDumpsOwn(block.head())) {
            return;
        }
        lanes().on(lane, (session, decompressor) -> {
            int length = decompressor.decompress(block);
            session.enter(block.head());
            byte[] fitting = setup.fit(decompressor.buffer(), length);
            if (new String(fitting, StandardCharsets.ISO_8859_1).contains(BACKSLASH_ESCAPES)) {
                standardStrings = false;
            }
            session.write(fitting);
        });
    }

    @Override
    protected void define(StoredBlock block) throws IOException {
        lanes().on(FIRST, asItIs(block));
    }

    @Override
    protected void rows(BlockHead head) {
        indexes.rows(head);
    }

    @Override
    protected boolean alone(BlockHead head) {
        return false;
    }

    @Override
    protected void rowsEnd(String ofObject) {}

    @Override
    protected void allRowsAreThere() {}

    @Override
    protected void finish(StoredBlock block) throws IOException {
        BlockHead head = block.head();
        if (isDumpsOwn(head)) {
            return;
        }
        boolean whole = !continued && !head.continues();
        continued = head.continues();
        if (head.object() != null && whole) {
            queue(block);
        } else {
            makeIndexes();
            lanes().on(FIRST, asItIs(block));
        }
    }

    private void queue(StoredBlock block) throws IOException {
        if (indexes.isFull()) {
            makeIndexes();
        }
        int lane = lanes().anywhere((session, decompressor) -> {
            int length = decompressor.decompress(block);
            byte[] script = Arrays.copyOf(decompressor.buffer(), length);
            indexes.add(block.head(), PostgresIndexScript.cut(script, standardStrings));
        });
        lanes().drain(lane);
    }

    /** Those that were queued, behind all that came before them; waits until the server has made them. */
    private void makeIndexes() throws IOException {
        int count = indexes.size();
        if (count == 0) {
            return;
        }
        sync();
        for (int i = 0; i < count; i++) {
            lanes().anywhere((session, decompressor) -> {
                PostgresIndexQueue.Script script = indexes.take();
                session.enter(script.head());
                session.write(script.sql());
                session.sync();
                indexes.done(script);
            });
        }
        sync();
    }

    /** True for the {@code \restrict} of the dump, in whose place our own stands. */
    private static boolean isDumpsOwn(BlockHead head) {
        return PostgresObjects.RESTRICT.equals(head.object());
    }
}
