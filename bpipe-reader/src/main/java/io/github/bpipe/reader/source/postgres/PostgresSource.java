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
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.Dumped;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.SourceFacts;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A PostgreSQL database, dumped by three runs of pg_dump (one for each section) in one exported snapshot.
 *
 * <p>The three are started together: once each has begun to print, each holds its own locks, and no change of a
 * definition that waits behind ours can come between them.
 */
public final class PostgresSource implements Source {
    private static final Duration LOCK_LIMIT = Duration.ofSeconds(60);
    private static final int OLDEST_SERVER = 12;
    private static final int VERSION_NUMBER_OF_A_MAJOR = 10_000;
    private static final int MESSAGE_CHARS = 1000;
    private static final Pattern VERSION = Pattern.compile("(\\d+)(?:[.\\d]|beta|rc|devel)*");

    private final PostgresClients clients;
    private final String database;
    private final Duration lockLimit;
    private final Deque<Closeable> open = new ArrayDeque<>();
    private boolean closed;

    private PostgresSnapshot snapshot;
    private PostgresProperties properties;
    private PostgresEncoding encoding;
    private List<Header.Account> accounts;
    private int serverMajor;

    /**
     * A source that is not yet connected.
     *
     * @param jobs how many sessions read large tables side by side
     */
    public PostgresSource(Connection connection, String database, int jobs) {
        this(connection, database, jobs, LOCK_LIMIT);
    }

    PostgresSource(Connection connection, String database, int jobs, Duration lockLimit) {
        this.clients = new PostgresClients(connection);
        this.database = database;
        this.lockLimit = lockLimit;
    }

    @Override
    public SourceFacts open() throws IOException {
        String clientVersion = clientVersion();
        lock();
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
        Section preData = start("pre-data");
        Section data = start("data");
        Section postData = start("post-data");
        for (Section section : List.of(preData, data, postData)) {
            section.awaitStart();
        }
        Charset charset = encoding.charset();
        BlockBuilder builder = new BlockBuilder(sink);
        List<PostgresObjects.Item> items = PostgresObjects.list(snapshot.session());
        PostgresBlocks blocks = new PostgresBlocks(builder, new PostgresData(builder, ledger, items), charset);
        String preamble = PostgresPreamble.of(database, properties, accounts, serverMajor, charset);
        preData.read(in -> blocks.preData(in, preamble));
        data.read(blocks::data);
        postData.read(blocks::postData);
        return Dumped.statements(builder.longestUnit());
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
            throw ended();
        }
        open.push(started);
        return started;
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private static Failure ended() {
        return new Failure(ExitCode.INTERRUPTED, "the dump was ended before it was complete", "run it again");
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

    private String clientVersion() throws IOException {
        String answer = Captured.run(clients.version("pg_dump")).stdout();
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
        if (client.find() && Integer.parseInt(client.group(1)) < serverMajor) {
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

    private Section start(String name) throws IOException {
        return new Section(own(Child.start(LargeWrites.wrap(clients.pgDump(
                database,
                List.of(
                        "--snapshot=" + snapshot.id(),
                        "--section=" + name,
                        // else PGCLIENTENCODING or a setting of the role decides
                        "--encoding=" + encoding.name(),
                        "--lock-wait-timeout=" + lockLimit.toMillis()))))));
    }

    private interface Reading {
        void read(InputStream in) throws IOException;
    }

    /** One run of pg_dump. */
    private final class Section {
        private final Child child;
        private final PushbackInputStream in;

        Section(Child child) {
            this.child = child;
            this.in = new PushbackInputStream(child.stdout(), 1);
        }

        /** Waits until pg_dump prints, which it does only when it has its locks and has read the whole catalogue. */
        void awaitStart() throws IOException {
            int first = first();
            if (first < 0) {
                throw failed(child.await());
            }
            in.unread(first);
        }

        void read(Reading reading) throws IOException {
            Failure problem = null;
            try {
                reading.read(in);
            } catch (Failure e) {
                if (e.exitCode() != ExitCode.DUMP_FAILED) {
                    throw e;
                }
                problem = e;
            } catch (IOException e) {
                throw isClosed() ? ended() : e;
            }
            // where the output has ended, the status says more than what is missing
            if (first() < 0) {
                int status = child.await();
                if (status != 0) {
                    throw failed(status);
                }
            }
            if (problem != null) {
                throw problem;
            }
        }

        private int first() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw isClosed() ? ended() : e;
            }
        }

        private Failure failed(int status) {
            if (isClosed()) {
                return ended();
            }
            Failure meaning = clients.failure(status, child.stderr());
            ExitCode code =
                    switch (meaning.exitCode()) {
                        case BUSY, PRIVILEGE, UNSUITABLE -> meaning.exitCode();
                        default -> ExitCode.DUMP_FAILED;
                    };
            String stderr = child.stderr().strip().replaceAll("\\s*\\n\\s*", "; ");
            return new Failure(
                    code,
                    "pg_dump failed with exit status " + status + ": "
                            + stderr.substring(0, Math.min(MESSAGE_CHARS, stderr.length())),
                    code == ExitCode.DUMP_FAILED ? "look into the server's log, and run it again" : meaning.hint());
        }
    }
}
