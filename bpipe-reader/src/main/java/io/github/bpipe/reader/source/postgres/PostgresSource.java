package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.DatabaseSize;
import io.github.bpipe.core.engine.LargeWrites;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresEncoding;
import io.github.bpipe.core.engine.PostgresLocks;
import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.encode.SharedSink;
import io.github.bpipe.reader.source.Dumped;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.SourceFacts;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL database, dumped by three runs of pg_dump (one for each section) in one exported snapshot; with several
 * jobs, the rows of large tables by sessions of psql in the same snapshot ({@link PostgresLanes}).
 *
 * <p>All of them are started together: once each has begun to print, each holds its own locks, and no change of a
 * definition that waits behind ours can come between them.
 */
public final class PostgresSource implements Source {
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);
    /** On disk without indexes; below it, a session of its own takes longer to begin than to read. */
    private static final long LARGE_BYTES = 16L << 20;

    /** Parts of tables are at least so many times what makes a table large. */
    private static final int SMALLEST_SHARE = 4;

    private static final int OLDEST_SERVER = 12;
    private static final int VERSION_NUMBER_OF_A_MAJOR = 10_000;
    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:[.\\d]|beta|rc|devel)*");

    private final PostgresClients clients;
    private final String database;
    private final int jobs;
    private final Duration lockLimit;
    private final long largeBytes;
    private final Deque<Closeable> open = new ArrayDeque<>();
    private boolean closed;

    private PostgresSnapshot snapshot;
    private PostgresProperties properties;
    private PostgresEncoding encoding;
    private List<Header.Account> accounts;
    private int serverMajor;
    private int clientMajor;

    /**
     * A source that is not yet connected.
     *
     * @param jobs how many sessions read large tables side by side
     */
    public PostgresSource(Connection connection, String database, int jobs) {
        this(connection, database, jobs, LOCK_LIMIT, LARGE_BYTES);
    }

    PostgresSource(Connection connection, String database, int jobs, Duration lockLimit, long largeBytes) {
        this.clients = new PostgresClients(connection);
        this.database = database;
        this.jobs = jobs;
        this.lockLimit = lockLimit;
        this.largeBytes = largeBytes;
    }

    @Override
    public SourceFacts open() throws IOException {
        String clientVersion;
        try (Child version = Child.start(clients.version("pg_dump"))) {
            // Debian's clients are scripts around the programs, and take a while to begin
            lock();
            clientVersion = clientVersion(version);
        }
        SqlSession session = PostgresSnapshot.prepare(session());
        String serverVersion = session.value("SHOW server_version");
        serverMajor = Integer.parseInt(session.value("SHOW server_version_num")) / VERSION_NUMBER_OF_A_MAJOR;
        requireVersions(clientVersion, serverVersion);
        PostgresFacts.requireWhole(session, database);
        PostgresChecks.requireReadable(session);
        snapshot = PostgresSnapshot.take(session, this::session, lockLimit);
        properties = PostgresFacts.properties(snapshot.session());
        encoding = PostgresEncoding.of(properties.encoding());
        accounts = PostgresAccounts.read(snapshot.session(), PostgresFacts.passwordsReadable(snapshot.session()));
        return new SourceFacts(
                serverVersion,
                clientVersion,
                DatabaseSize.record(properties, PostgresFacts.sizeBytes(snapshot.session())),
                accounts,
                null,
                OptionalLong.of(PostgresFacts.estimatedBytes(snapshot.session())),
                PostgresFacts.warnings(snapshot.session(), serverMajor));
    }

    @Override
    public Dumped dump(BlockSink sink, ObjectLedger ledger) throws IOException {
        List<PostgresObjects.Item> items = PostgresObjects.list(snapshot.session());
        List<PostgresLargeTable> large = largeTables();
        PostgresRun preData = pgDump("pre-data", List.of());
        PostgresRun data = pgDump("data", PostgresLargeTable.exclusions(large));
        PostgresRun postData = pgDump("post-data", List.of());
        PostgresLanes lanes = lanes(large);
        for (PostgresRun run : List.of(preData, data, postData)) {
            run.awaitStart();
        }
        lanes.awaitStart();
        Charset charset = encoding.charset();
        SharedSink shared = new SharedSink(sink);
        BlockBuilder builder = new BlockBuilder(shared);
        PostgresBlocks blocks = new PostgresBlocks(builder, new PostgresData(builder, ledger, items, large), charset);
        String preamble = PostgresPreamble.of(database, properties, accounts, serverMajor, charset);
        preData.read(in -> blocks.preData(in, preamble));
        long longest = lanes.read(shared, ledger, items, () -> data.read(blocks::data));
        postData.read(blocks::postData);
        return Dumped.statements(Math.max(longest, builder.longestUnit()));
    }

    private List<PostgresLargeTable> largeTables() throws IOException {
        return jobs == 1
                ? List.of()
                : PostgresLargeTable.find(snapshot.session(), encoding, clientMajor > serverMajor, largeBytes);
    }

    /** None where there is no large table. */
    private PostgresLanes lanes(List<PostgresLargeTable> large) throws IOException {
        List<PostgresShare> shares = PostgresShare.of(large, jobs, serverMajor, SMALLEST_SHARE * largeBytes);
        List<PostgresLane> lanes = new ArrayList<>();
        for (int i = 0; i < Math.min(jobs, shares.size()); i++) {
            PostgresLane lane = new PostgresLane(
                    run("psql", PostgresLane.command(clients, database, encoding)), encoding.charset());
            lane.enter(snapshot, large, lockLimit);
            lanes.add(lane);
        }
        return new PostgresLanes(lanes, shares, this::close);
    }

    @Override
    public void close() {
        Deque<Closeable> toClose;
        synchronized (this) {
            closed = true;
            toClose = new ArrayDeque<>(open);
            open.clear();
        }
        for (Closeable each : toClose) {
            try {
                each.close();
            } catch (IOException e) {
                throw new IllegalStateException("closing a child process fails never", e);
            }
        }
    }

    /** Keeps what must be ended with the source; what was started last is ended first. */
    private synchronized <T extends Closeable> T own(T started) throws IOException {
        if (closed) {
            started.close();
            throw PostgresRun.ended();
        }
        open.push(started);
        return started;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /**
     * Tells writers that the database is being dumped. Who may not connect there does without: no database is renamed
     * under a session, so that the dump fails where otherwise the restore had waited for it.
     */
    private void lock() throws IOException {
        SqlSession keeper = own(clients.session(PostgresLocks.DATABASE));
        try {
            PostgresSnapshot.prepare(keeper);
        } catch (Failure e) {
            keeper.close();
            return;
        }
        String lock = PostgresLocks.ofReaders(database);
        long limit = System.nanoTime() + lockLimit.toNanos();
        while (!keeper.value("SELECT pg_catalog.pg_try_advisory_lock_shared(" + lock + ")")
                .equals("t")) {
            if (System.nanoTime() > limit) {
                throw new Failure(
                        ExitCode.BUSY,
                        "a restore is putting another database in the place of " + database,
                        "run it again when the restore has ended");
            }
            keeper.execute("SELECT pg_catalog.pg_sleep(0.1)");
        }
    }

    private SqlSession session() throws IOException {
        SqlSession session = own(clients.session(database));
        return session.value("SHOW server_encoding").equals("SQL_ASCII")
                ? own(clients.bytesSession(database))
                : session;
    }

    private static String clientVersion(Child asked) throws IOException {
        String answer = new String(asked.stdout().readAllBytes(), StandardCharsets.UTF_8);
        Matcher version = VERSION.matcher(answer);
        if (!answer.startsWith("pg_dump") || !version.find()) {
            throw new Failure(
                    ExitCode.CLIENT,
                    "pg_dump does not tell its version: " + answer.strip(),
                    "install postgresql-client, or name its folder with --clients");
        }
        return version.group();
    }

    private void requireVersions(String clientVersion, String serverVersion) throws Failure {
        Matcher client = VERSION.matcher(clientVersion);
        clientMajor = client.find() ? Integer.parseInt(client.group(1)) : serverMajor;
        if (clientMajor < serverMajor) {
            throw new Failure(
                    ExitCode.CLIENT,
                    "pg_dump " + clientVersion + " cannot dump a server of version " + serverVersion,
                    "install the client programs of version " + serverMajor + ", or name their folder with --clients");
        }
        if (serverMajor < OLDEST_SERVER) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the server has version " + serverVersion + ", at least " + OLDEST_SERVER + " is needed",
                    "upgrade the server, which its makers no longer maintain");
        }
    }

    private PostgresRun pgDump(String section, List<String> more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "--snapshot=" + snapshot.id(),
                "--section=" + section,
                // else PGCLIENTENCODING or a setting of the role decides
                "--encoding=" + encoding.name(),
                "--lock-wait-timeout=" + lockLimit.toMillis()));
        arguments.addAll(more);
        return run("pg_dump", LargeWrites.wrap(clients.pgDump(database, arguments)));
    }

    private PostgresRun run(String program, Command command) throws IOException {
        return new PostgresRun(program, own(Child.start(command)), clients, this::isClosed);
    }
}
