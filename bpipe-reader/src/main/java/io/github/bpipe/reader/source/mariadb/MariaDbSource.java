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
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.Dumped;
import io.github.bpipe.reader.source.HalfRestored;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.SourceFacts;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** A database of MariaDB or MySQL: one native dump in one transaction, cut into blocks. */
public final class MariaDbSource implements Source {
    /** What a pipe holds; a longer read makes the JVM allocate and free as much native memory each time. */
    private static final int READ_BYTES = 64 << 10;

    /** The exchange of the tables itself takes seconds. */
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);

    private final Engine engine;
    private final MariaDbClients clients;
    private final String database;
    private final Set<String> acceptedInconsistent;

    private MariaDbDumpProgram program;
    private boolean history;
    private String heading;
    private MariaDbReadLock lock;
    private Child child;
    private volatile boolean closed;

    /**
     * A source that is not yet connected.
     *
     * @param acceptedInconsistent tables without transactions that may be dumped all the same
     * @param jobs how many sessions read large tables side by side
     */
    public MariaDbSource(
            Engine engine, Connection connection, String database, Set<String> acceptedInconsistent, int jobs) {
        this.engine = engine;
        this.clients = new MariaDbClients(engine, connection);
        this.database = database;
        this.acceptedInconsistent = Set.copyOf(acceptedInconsistent);
    }

    @Override
    public SourceFacts open() throws IOException {
        lock(MariaDbReadLock.take(clients, database, LOCK_LIMIT));
        try (SqlSession session = clients.session(null)) {
            MariaDbVersion server = serverVersion(session);
            program = MariaDbDumpProgram.find(clients, server);
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
            history = catalog.hasHistory();
            if (history) {
                program.requireHistory();
            }
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
        BlockBuilder blocks = new BlockBuilder(sink);
        try (MariaDbSplitter splitter = new MariaDbSplitter(blocks, ledger, database, heading);
                Child dump = start()) {
            read(dump.stdout(), splitter);
            int status = dump.await();
            if (status != 0) {
                throw failure(status, dump.stderr());
            }
            splitter.finish();
            requireWhole(ledger);
            return Dumped.statements(blocks.longestUnit());
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (child != null) {
            child.close();
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

    private synchronized Child start() throws IOException {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the dump was ended before it began", "run it again");
        }
        child = Child.start(program.command(database, history));
        return child;
    }

    private void read(InputStream in, MariaDbSplitter splitter) throws IOException {
        byte[] buffer = new byte[READ_BYTES];
        for (int n = read(in, buffer); n >= 0; n = read(in, buffer)) {
            splitter.feed(buffer, 0, n);
        }
    }

    private int read(InputStream in, byte[] buffer) throws Failure {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new Failure(
                    closed ? ExitCode.INTERRUPTED : ExitCode.DUMP_FAILED,
                    "the dump of " + database + " was ended: " + e.getMessage(),
                    "run it again",
                    e);
        }
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

    /** What a failed dump means; never a matter of the connection alone, since that has just been proven. */
    private Failure failure(int status, String stderr) {
        String message = stderr.strip();
        String line = message.isEmpty()
                ? "exit status " + status
                : message.lines().findFirst().orElse(message);
        return switch (MariaDbClients.errorNumber(message)) {
            case 1412, 1146 ->
                new Failure(
                        ExitCode.DUMP_FAILED,
                        "a table was altered or dropped during the dump: " + line,
                        "run it again, when nobody alters tables");
            case 1044, 1045, 1142, 1143, 1227, 1370 -> clients.failure(status, stderr);
            default ->
                new Failure(
                        ExitCode.DUMP_FAILED,
                        "the dump of " + database + " failed: " + line,
                        "look into the server's log, and run " + engine.id() + "'s dump program by hand");
        };
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
