package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.DatabaseSize;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbHalfRestored;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.engine.MariaDbUnfinished;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.Dumped;
import io.github.bpipe.reader.source.HalfRestored;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.SourceFacts;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** A database of MariaDB or MySQL: one native dump in one transaction, cut into blocks. */
public final class MariaDbSource implements Source {
    /** The exchange of the tables itself takes seconds. */
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);

    private final Engine engine;
    private final MariaDbClients clients;
    private final String database;
    private final Set<String> acceptedInconsistent;
    private final MariaDbSharing sharing;

    private MariaDbTableOrder order;
    private String heading;
    private MariaDbReadLock lock;
    private List<MariaDbShare> shares;
    private MariaDbVersion server;
    private MariaDbRuns runs;
    private boolean closed;

    /**
     * A source that is not yet connected.
     *
     * @param acceptedInconsistent tables without transactions that may be dumped all the same
     * @param jobs how many sessions read large tables side by side
     */
    public MariaDbSource(
            Engine engine, Connection connection, String database, Set<String> acceptedInconsistent, int jobs) {
        this(engine, connection, database, acceptedInconsistent, MariaDbSharing.of(jobs));
    }

    MariaDbSource(
            Engine engine,
            Connection connection,
            String database,
            Set<String> acceptedInconsistent,
            MariaDbSharing sharing) {
        this.engine = engine;
        this.clients = new MariaDbClients(engine, connection);
        this.database = database;
        this.acceptedInconsistent = Set.copyOf(acceptedInconsistent);
        this.sharing = sharing;
    }

    @Override
    public SourceFacts open() throws IOException {
        // its client starts while the lock is taken
        try (SqlSession session = clients.session(null)) {
            lock(MariaDbReadLock.take(clients, database, LOCK_LIMIT));
            server = serverVersion(session);
            MariaDbDumpProgram program = MariaDbDumpProgram.find(clients, server);
            MariaDbCatalog catalog = MariaDbCatalog.read(clients, session, server, database);
            MariaDbPrivileges privileges = new MariaDbPrivileges(session, server, database);
            privileges.require();
            if (MariaDbHalfRestored.isMarked(session, database)) {
                throw HalfRestored.failure(database);
            }
            if (MariaDbUnfinished.isMarked(session, database)) {
                throw unfinished();
            }
            catalog.requireTransactional(acceptedInconsistent);
            catalog.requireValidViews();
            order = catalog.order(sharing.largeBytes());
            shares = catalog.shares(sharing);
            if (catalog.hasHistory()) {
                program.requireHistory();
            }
            runs(new MariaDbRuns(clients, program, database, catalog.hasHistory()));
            MariaDbAccounts accounts = new MariaDbAccounts(session, server, database);
            accounts.read(privileges.readsAccounts());
            heading = heading(catalog.properties(), accounts.accounts());
            return new SourceFacts(
                    server.text(),
                    program.version().text(),
                    DatabaseSize.record(catalog.properties(), catalog.sizeBytes()),
                    accounts.accounts(),
                    null,
                    OptionalLong.of(catalog.estimatedBytes()),
                    accounts.warnings(),
                    OptionalLong.of(catalog.maxAllowedPacket()));
        }
    }

    @Override
    public Dumped dump(BlockSink sink, ObjectLedger ledger) throws IOException {
        List<String> warnings = new ArrayList<>();
        Dumped dumped = shares.isEmpty() ? null : dumpShares(sink, ledger, warnings);
        return dumped != null ? dumped : dumpAlone(sink, ledger, warnings);
    }

    private Dumped dumpAlone(BlockSink sink, ObjectLedger ledger, List<String> warnings) throws IOException {
        BlockBuilder blocks = new BlockBuilder(sink);
        try (MariaDbSplitter splitter = new MariaDbSplitter(blocks, ledger, database, heading);
                MariaDbDumpRun dump = begin()) {
            dump.read(splitter);
            splitter.finish();
            requireWhole(ledger);
            return new Dumped(blocks.longestUnit(), warnings);
        }
    }

    /** Null, and a warning, where several sessions cannot have one snapshot. */
    private Dumped dumpShares(BlockSink sink, ObjectLedger ledger, List<String> warnings) throws IOException {
        try (MariaDbParallelDump dump =
                new MariaDbParallelDump(runs, shares, sharing, database, heading, sink, ledger)) {
            String reason = begin(dump);
            if (reason != null) {
                warnings.add("one session read all tables in place of " + sharing.jobs() + ": " + reason);
                return null;
            }
            long longest = dump.finish();
            requireWhole(ledger);
            return new Dumped(longest, warnings);
        }
    }

    /** Null, or why the sessions have not begun. */
    private String begin(MariaDbParallelDump dump) throws IOException {
        try (MariaDbCommitBlock block =
                MariaDbCommitBlock.take(clients.session(null), server, sharing.commitsLimit())) {
            if (!dump.begin(sharing.commitsLimit())) {
                return "they took too long to begin";
            }
            block.release();
            dump.proceed();
            return null;
        } catch (Failure e) {
            dump.throwFailure();
            return e.getMessage();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (runs != null) {
            runs.close();
        }
        if (lock != null) {
            lock.close();
        }
    }

    private synchronized void lock(MariaDbReadLock taken) {
        lock = taken;
        if (closed) {
            taken.close();
        }
    }

    private synchronized void runs(MariaDbRuns made) {
        runs = made;
        if (closed) {
            made.close();
        }
    }

    /** A restore may have begun since the dump was admitted. */
    private void requireWhole(ObjectLedger ledger) throws Failure {
        lock.requireHeld();
        if (holds(ledger, MariaDbHalfRestored.TABLE)) {
            throw HalfRestored.failure(database);
        }
        if (holds(ledger, MariaDbUnfinished.TABLE)) {
            throw unfinished();
        }
    }

    private static boolean holds(ObjectLedger ledger, String table) {
        return ledger.entries().stream().anyMatch(entry -> entry.name().equals(table));
    }

    /** Triggers, views, routines and events may be missing, and nothing else tells. */
    private Failure unfinished() {
        return new Failure(
                ExitCode.UNSUITABLE,
                "a restore of " + database + " ended in the middle of its switch: what belongs to the tables may be"
                        + " missing",
                "complete it with bpipe-writer recover; bpipe-writer status shows what stands there");
    }

    /** A dump whose snapshot is taken; one that does not hold all tables, since some came meanwhile, is begun again. */
    private MariaDbDumpRun begin() throws IOException {
        MariaDbDumpRun dump = runs.whole(order);
        try {
            dump.awaitStart();
            if (order.isWhole(lock.session(), database)) {
                return dump;
            }
        } catch (IOException e) {
            dump.close();
            throw e;
        }
        dump.close();
        return runs.whole(MariaDbTableOrder.BY_NAME);
    }

    private MariaDbVersion serverVersion(SqlSession session) throws IOException {
        String text = session.value("SELECT VERSION()");
        MariaDbVersion version = MariaDbVersion.ofServer(text);
        if (version == null || version.family() != engine) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the server is not " + engine.id() + ": its version is " + text,
                    version == null
                            ? "check --host, --port and --socket"
                            : "use --engine " + version.family().id());
        }
        return version;
    }

    /** What lives in the header only, for whoever restores with zstd and the client alone. */
    private String heading(MariaDbProperties properties, List<Header.Account> accounts) {
        List<String> lines = new ArrayList<>();
        lines.add("CREATE DATABASE " + MariaDbClients.identifier(database) + " " + properties.createClauses() + ";");
        for (Header.Account account : accounts) {
            lines.add("account " + account.name());
            account.grants().forEach(grant -> lines.add("  " + grant + ";"));
        }
        StringBuilder comments = new StringBuilder("-- What this script does not create itself:\n");
        for (String line : lines) {
            comments.append("--   ")
                    .append(line.replace("\r", " ").replace("\n", " "))
                    .append('\n');
        }
        return comments.append("--\n").toString();
    }
}
