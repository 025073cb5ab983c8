package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.writer.target.postgres.PostgresIndexScript.Part;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * Hands out the scripts of indexes so that no session waits while there is something to do: those of large tables
 * first, since a long one that is begun last keeps one session busy alone; and none that would have to wait for the
 * lock of another. Each is told how much memory and how many workers it gets. From any thread.
 */
final class PostgresIndexQueue {
    /** What all sessions together may take to sort; the server's default for one is 64 MiB. */
    static final int ALL_SORTS_MEBIBYTES = 512;

    /**
     * A sort in pieces that fit into the caches of a processor takes less of its time than one of all rows: of 1.3
     * million rows a tenth less, of 3.9 million a quarter (seen). The server merges {@link #MERGED_AT_ONCE} pieces of
     * this size, twice as many of twice the size; of more than that it would have to write some twice.
     */
    private static final int PIECE_MEBIBYTES = 16;

    private static final int MERGED_AT_ONCE = 60;

    /** What a sort takes for a row beside the row's own text. */
    private static final int ROW_OVERHEAD = 48;

    /** Text of scripts that is kept to find the largest. */
    private static final int FULL_BYTES = 4 << 20;

    private static final Comparator<Waiting> ORDER =
            Comparator.comparingLong(Waiting::sortBytes).reversed().thenComparing(Waiting::n);

    /**
     * A script to run.
     *
     * @param head of the block that it came in
     */
    record Script(BlockHead head, byte[] sql, boolean locks) {}

    private record Waiting(long n, BlockHead head, Part part, long sortBytes) {}

    private final int sessions;
    private final int cores;
    /** By table; no more than that is sorted for one of its indexes. */
    private final Map<String, Long> sortBytes = new HashMap<>();

    private final NavigableSet<Waiting> waiting = new TreeSet<>(ORDER);
    private final List<Script> running = new ArrayList<>();
    private long added;
    private long bytes;

    /**
     * @param sessions how many run scripts side by side
     * @param cores of the server's machine
     */
    PostgresIndexQueue(int sessions, int cores) {
        this.sessions = sessions;
        this.cores = cores;
    }

    /** Notes the rows of a table. */
    synchronized void rows(BlockHead head) {
        if (head.object() != null) {
            sortBytes.merge(head.object(), head.raw() + head.rows() * ROW_OVERHEAD, Long::sum);
        }
    }

    /**
     * Puts scripts in the queue.
     *
     * @param head of the block that they come in, with the name of their table
     */
    synchronized void add(BlockHead head, List<Part> parts) {
        for (Part part : parts) {
            waiting.add(new Waiting(added++, head, part, sortBytes.getOrDefault(head.object(), 0L)));
            bytes += part.sql().length;
        }
    }

    synchronized int size() {
        return waiting.size();
    }

    /** True where what waits is to be run before more is added. */
    synchronized boolean isFull() {
        return bytes >= FULL_BYTES;
    }

    /** The next one; {@link #done} is called when the server has executed it. */
    synchronized Script take() {
        Waiting next = waiting.stream().filter(this::isFree).findFirst().orElseGet(waiting::first);
        waiting.remove(next);
        bytes -= next.part().sql().length;
        int idle = Math.max(0, sessions - running.size() - 1 - waiting.size());
        Script script = new Script(next.head(), fitted(next, idle), next.part().locks());
        running.add(script);
        return script;
    }

    synchronized void done(Script script) {
        running.remove(script);
    }

    /** The worker processes that each session may use, so that all sessions together use every core. */
    static int workers(int cores, int sessions) {
        return Math.max(0, cores / sessions - 1);
    }

    private boolean isFree(Waiting script) {
        return running.stream()
                .filter(other -> other.head().object().equals(script.head().object()))
                .noneMatch(other -> other.locks() || script.part().locks());
    }

    /** @param idle sessions that have nothing to do until this script has run */
    private byte[] fitted(Waiting script, int idle) {
        if (!script.part().sorts()) {
            return script.part().sql();
        }
        int workers = workers(cores, Math.max(1, sessions - idle));
        // a worker starts where there are 32 MiB for it
        String setting = workers > 0
                ? "max_parallel_maintenance_workers = " + workers
                : "maintenance_work_mem = '" + mebibytes(script.sortBytes()) + "MB'";
        // for this script alone
        String sql = "BEGIN;\nSET LOCAL " + setting + ";\n"
                + new String(script.part().sql(), StandardCharsets.ISO_8859_1) + "COMMIT;\n";
        return sql.getBytes(StandardCharsets.ISO_8859_1);
    }

    private int mebibytes(long sortBytes) {
        long pieces = sortBytes / (PIECE_MEBIBYTES << 20);
        int times = 1;
        while (pieces / times > (long) MERGED_AT_ONCE * times) {
            times *= 2;
        }
        return Math.min(PIECE_MEBIBYTES * times, ALL_SORTS_MEBIBYTES / sessions);
    }
}
