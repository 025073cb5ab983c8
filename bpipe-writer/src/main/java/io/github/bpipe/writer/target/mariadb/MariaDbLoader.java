package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.SqlToken;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.ParallelLoad;
import io.github.bpipe.writer.target.mariadb.MariaDbLateKeys.Gap;
import io.github.bpipe.writer.target.mariadb.MariaDbLateKeys.Late;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Loads the blocks of a stream through several clients. Secondary keys are made when the rows of their table are there,
 * those of several tables at a time; behind all rows come the foreign keys, and then the first client runs the finish.
 */
final class MariaDbLoader extends ParallelLoad<MariaDbLoadSession> {
    /** A versioned table gets unique keys only from who says what is to become of its history: it stays as it is. */
    private static final String SESSION = """
            SET SESSION foreign_key_checks = 0, SESSION unique_checks = 0;
            /*M!100304 SET SESSION system_versioning_alter_history = KEEP */;
            """;

    private static final long LARGE_BYTES = 16 << 20;

    private final MariaDbLateKeys lateKeys = new MariaDbLateKeys();
    private final MariaDbByteTables byteTables;
    /** Used by the first lane only. */
    private final MariaDbRewrite rewrite;

    private final Map<String, Long> rowBytes = new HashMap<>();
    private final Set<Late> hasKeys = new HashSet<>();

    /**
     * Starts the clients.
     *
     * @param source name that the definitions may hold
     * @param schema to load into
     * @param purpose whether routines may stand there already
     * @param jobs how many clients
     */
    MariaDbLoader(
            MariaDbServer server,
            String source,
            String schema,
            MariaDbEvents events,
            MariaDbRewrite.Purpose purpose,
            int jobs)
            throws IOException {
        this(server, source, schema, events, purpose, jobs, new MariaDbByteTables());
    }

    private MariaDbLoader(
            MariaDbServer server,
            String source,
            String schema,
            MariaDbEvents events,
            MariaDbRewrite.Purpose purpose,
            int jobs,
            MariaDbByteTables byteTables)
            throws IOException {
        super(sessions(server, schema, jobs, byteTables));
        this.byteTables = byteTables;
        this.rewrite = new MariaDbRewrite(source, schema, events, purpose, this::defineTable, first()::write);
    }

    private static List<MariaDbLoadSession> sessions(
            MariaDbServer server, String schema, int jobs, MariaDbByteTables byteTables) throws IOException {
        long maxStatementBytes = Long.parseLong(server.keeper().value("SELECT @@global.max_allowed_packet"));
        List<MariaDbLoadSession> sessions = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            MariaDbScriptRun run = server.script(schema, MariaDbServer.loadSuffix(i));
            run.write(SESSION);
            sessions.add(new MariaDbLoadSession(
                    run,
                    server.hasSandbox(),
                    maxStatementBytes,
                    head -> server.isMariaDb() ? charset(byteTables, head.object()) : MariaDbCharset.STREAM));
        }
        return sessions;
    }

    private static MariaDbCharset charset(MariaDbByteTables byteTables, String object) {
        return object != null && byteTables.contains(object) ? MariaDbCharset.ALL_BINARY : MariaDbCharset.CLIENT_BINARY;
    }

    @Override
    protected void setUp(int lane, StoredBlock block) throws IOException {
        if (lane == FIRST) {
            define(block);
            return;
        }
        lanes().on(lane, (session, decompressor) -> {
            int length = decompressor.decompress(block);
            session.enter(block.head());
            session.write(session.withoutSandboxLine(block.head(), decompressor.buffer(), length), length);
        });
    }

    @Override
    protected void define(StoredBlock block) throws IOException {
        lanes().on(FIRST, (session, decompressor) -> rewrite(session, block, decompressor));
    }

    @Override
    protected void finish(StoredBlock block) throws IOException {
        define(block);
    }

    /** The first rows of a table lock it against everybody else's. */
    @Override
    protected boolean alone(BlockHead head) {
        String table = String.valueOf(head.object());
        return rowBytes.merge(table, (long) head.raw(), Long::sum) == head.raw();
    }

    @Override
    public void finish() throws IOException {
        lanes().on(FIRST, (session, decompressor) -> rewrite.finish());
        super.finish();
    }

    /**
     * The keys of a large table are begun while the other sessions load what follows, so that no session is left alone
     * with them at the end. For a small one it is not worth waiting until the server has all of its rows.
     */
    @Override
    protected void rowsEnd(String ofObject) throws IOException {
        if (rowBytes.getOrDefault(ofObject, 0L) < LARGE_BYTES) {
            return;
        }
        for (Late late : lateKeys.tables()) {
            if (late.table().equals(ofObject) && hasKeys.add(late)) {
                settle(ofObject);
                addKeys(late);
            }
        }
    }

    /** The largest of the tables that have no keys yet come first. */
    @Override
    protected void allRowsAreThere() throws IOException {
        List<Late> tables = lateKeys.tables().stream()
                .sorted(Comparator.comparing((Late late) -> -rowBytes.getOrDefault(late.table(), 0L)))
                .toList();
        for (Late late : tables) {
            if (hasKeys.add(late)) {
                addKeys(late);
            }
        }
        lanes().drain();
        for (Late late : tables) {
            lanes().on(FIRST, (session, decompressor) -> add(session, late.head(), late.foreignKeys()));
        }
        lanes().drain();
    }

    private void addKeys(Late late) throws IOException {
        lanes().anywhere((session, decompressor) -> add(session, late.head(), late.keys()));
    }

    private List<Gap> defineTable(String table, byte[] definition, List<SqlToken> tokens) {
        byteTables.define(table, tokens);
        return lateKeys.leaveOut(table, definition, tokens);
    }

    private void rewrite(MariaDbLoadSession session, StoredBlock block, BlockDecompressor decompressor)
            throws IOException {
        int length = decompressor.decompress(block);
        session.enter(block.head());
        lateKeys.enter(block.head());
        rewrite.feed(session.withoutSandboxLine(block.head(), decompressor.buffer(), length), length);
    }

    private static void add(MariaDbLoadSession session, BlockHead head, List<String> statements) throws IOException {
        if (statements.isEmpty()) {
            return;
        }
        session.enter(head);
        for (String statement : statements) {
            session.write(statement);
        }
        session.sync();
    }
}
