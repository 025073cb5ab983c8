package io.github.bpipe.reader.source.sqlite;

import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StreamFormat;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.Dumped;
import io.github.bpipe.reader.source.HalfRestored;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.SourceFacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * A SQLite database file, in use or not. A copy of one moment is made in a private folder when it is opened; the stream
 * is that copy, byte by byte, as one unit. The copy is checked while it is streamed, and a stream of a damaged one does
 * not become whole.
 */
public final class SqliteSource implements Source {
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);

    private final Path database;
    private final List<Path> folders;
    private final Duration busyLimit;
    private SqliteSnapshot snapshot;
    private SqliteVerdict check;
    private List<ObjectEntry> objects;
    private volatile boolean closed;

    /** The copy goes into Java's temporary folder, or beside the database where that has no room. */
    public SqliteSource(Path database) {
        this(
                database,
                List.of(
                        Path.of(System.getProperty("java.io.tmpdir")),
                        database.toAbsolutePath().getParent()),
                BUSY_LIMIT);
    }

    /**
     * With limits of one's own.
     *
     * @param folders where the copy may go: the first that has room for it
     * @param busyLimit how long to wait for a writer that locks readers out
     */
    SqliteSource(Path database, List<Path> folders, Duration busyLimit) {
        this.database = database;
        this.folders = folders;
        this.busyLimit = busyLimit;
    }

    @Override
    public SourceFacts open() throws IOException {
        Path live = requireFile();
        String before = SqlitePaths.key(live);
        SqliteProperties properties;
        try (Connection connection = SqliteFile.open(live, busyLimit)) {
            String journalMode = SqliteFile.text(connection, "PRAGMA journal_mode");
            begin(live).take(connection);
            properties = properties(live, journalMode);
        } catch (SQLException e) {
            throw SqliteFile.failure(live, e, ExitCode.DUMP_FAILED);
        }
        if (!before.equals(SqlitePaths.key(live))) {
            throw new Failure(
                    ExitCode.BUSY, live + " was replaced while it was read", "run it again when the restore has ended");
        }
        List<String> warnings = objects.isEmpty() ? List.of(live + " holds no table at all") : List.of();
        String version = "SQLite " + snapshot.sqliteVersion();
        return new SourceFacts(
                version,
                version,
                Json.toTree(properties),
                List.of(),
                null,
                OptionalLong.of(properties.bytes()),
                warnings);
    }

    /** Streams the copy. SQLite has no statements here, so that none is the longest: 0. */
    @Override
    public Dumped dump(BlockSink sink, ObjectLedger ledger) throws IOException {
        try (SqliteVerdict verdict = beginCheck()) {
            stream(sink, verdict);
            list(ledger);
            return new Dumped(0, verdict.await());
        }
    }

    private void stream(BlockSink sink, SqliteVerdict verdict) throws IOException {
        byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];
        try (InputStream in = Files.newInputStream(snapshot.file())) {
            long left = Files.size(snapshot.file());
            while (left > 0) {
                // an open file outlives its removal, so that reading alone would not end
                if (closed) {
                    throw interrupted();
                }
                verdict.requireNoneYet();
                int length = in.readNBytes(buffer, 0, buffer.length);
                left -= length;
                if (length == 0) {
                    throw new Failure(ExitCode.DUMP_FAILED, snapshot.file() + " became shorter", "run it again");
                }
                buffer = sink.block(Phase.DATA, null, buffer, length, 0, left > 0);
            }
        } catch (NoSuchFileException e) {
            throw interrupted();
        }
    }

    private void list(ObjectLedger ledger) {
        for (ObjectEntry object : objects) {
            if (object.rows() == null) {
                ledger.list(object.name(), object.kind());
            } else {
                ledger.list(object.name(), object.kind(), object.rows());
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (check != null) {
            check.close();
        }
        if (snapshot != null) {
            snapshot.close();
        }
    }

    /** The file behind the name, proven to be one that can be dumped as a good database. */
    private Path requireFile() throws IOException {
        Path live = resolve();
        if (new SqlitePaths(live).halfRestored()) {
            throw HalfRestored.failure(live.toString());
        }
        if (!Files.exists(live)) {
            throw new Failure(ExitCode.NO_DATABASE, "no file " + live, "correct the path of the database");
        }
        if (!Files.isRegularFile(live)) {
            throw new Failure(ExitCode.UNSUITABLE, live + " is not a file", "name the database file itself");
        }
        if (!Files.isReadable(live)) {
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    live + " cannot be read by " + System.getProperty("user.name"),
                    "run as the owner of the database or as root");
        }
        return live;
    }

    /** Links resolved, since SQLite's companions stand beside the file and not beside the link. */
    private Path resolve() throws IOException {
        return Files.isSymbolicLink(database) && Files.exists(database)
                ? database.toRealPath()
                : database.toAbsolutePath();
    }

    private synchronized SqliteSnapshot begin(Path live) throws IOException {
        if (closed) {
            throw interrupted();
        }
        snapshot = new SqliteSnapshot(live, folders, busyLimit);
        return snapshot;
    }

    private synchronized SqliteVerdict beginCheck() throws Failure {
        if (closed) {
            throw interrupted();
        }
        check = SqliteVerdict.begin(database, snapshot.file(), objects);
        return check;
    }

    private SqliteProperties properties(Path live, String journalMode) throws IOException, SQLException {
        PosixFileAttributes attributes = Files.readAttributes(live, PosixFileAttributes.class);
        try (Connection copy = SqliteFile.open(snapshot.file(), busyLimit)) {
            objects = SqliteContents.objects(copy);
            return new SqliteProperties(
                    Files.size(snapshot.file()),
                    "wal".equals(journalMode) ? journalMode : "delete",
                    (int) SqliteFile.number(copy, "PRAGMA page_size"),
                    SqliteFile.text(copy, "PRAGMA encoding"),
                    (int) SqliteFile.number(copy, "PRAGMA user_version"),
                    (int) SqliteFile.number(copy, "PRAGMA application_id"),
                    (int) SqliteFile.number(copy, "PRAGMA auto_vacuum"),
                    attributes.owner().getName(),
                    attributes.group().getName(),
                    PosixFilePermissions.toString(attributes.permissions()));
        }
    }

    private Failure interrupted() {
        return new Failure(ExitCode.INTERRUPTED, "the dump of " + database + " was ended", "run it again");
    }
}
