package io.github.bpipe.core.engine;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Opens SQLite database files and puts SQLite's errors into words. The driver is whatever stands on the class path.
 */
public final class SqliteFile {
    /** Result codes, see https://sqlite.org/rescode.html. */
    private static final int ERROR = 1;

    private static final int BUSY = 5;
    private static final int LOCKED = 6;
    private static final int READONLY = 8;
    private static final int INTERRUPT = 9;
    private static final int CORRUPT = 11;
    private static final int FULL = 13;
    private static final int IOERR = 10;
    /** With less than this left a disk is full. */
    private static final long FULL_BYTES = 1 << 20;

    private static final int CANTOPEN = 14;
    private static final int NOTADB = 26;

    /** How the driver says it: code, general meaning, and SQLite's own sentence in parentheses at the end. */
    private static final Pattern DRIVER_MESSAGE = Pattern.compile("\\[\\w+] .*?\\((.*)\\)", Pattern.DOTALL);

    private SqliteFile() {}

    /**
     * Opens an existing file; a missing one is an error and never created. Nothing is read yet.
     *
     * <p>Opened for writing where that is allowed, even to read: only then can a reader recover what a dead writer left
     * behind, and tidy up the companions of a database in WAL mode.
     *
     * @param busyLimit how long a statement waits for a lock
     */
    public static Connection open(Path file, Duration busyLimit) throws SQLException {
        return open(uri(file) + "?mode=rw", busyLimit);
    }

    /** As {@link #open}, a file that nobody else writes to, without regard to locks. */
    static Connection openAlone(Path file) throws SQLException {
        return open(uri(file) + "?mode=rw&nolock=1", Duration.ZERO);
    }

    private static Connection open(String uri, Duration busyLimit) throws SQLException {
        // as a URI, which is the only form that escapes every byte a file name can have
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + uri);
        try {
            busyLimit(connection, busyLimit);
            // a hostile schema must not call anything that has side effects
            execute(connection, "PRAGMA trusted_schema = OFF");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return connection;
    }

    /** How long statements wait for a lock from now on. */
    public static void busyLimit(Connection connection, Duration limit) throws SQLException {
        execute(connection, "PRAGMA busy_timeout = " + limit.toMillis());
    }

    /** The name of a file as SQLite's own functions take it. */
    public static String uri(Path file) {
        return file.toUri().toString();
    }

    public static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row. */
    public static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.getString(1);
        }
    }

    /** As {@link #text}, for a number. */
    public static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.getLong(1);
        }
    }

    /** An identifier as it stands in a statement. */
    public static String quote(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    /** True where the file is no SQLite database, or a damaged one. */
    public static boolean damaged(SQLException e) {
        return e.getErrorCode() == NOTADB || e.getErrorCode() == CORRUPT;
    }

    /** True where somebody else holds a lock. */
    public static boolean busy(SQLException e) {
        return e.getErrorCode() == BUSY || e.getErrorCode() == LOCKED;
    }

    /** True where a statement cannot be prepared, as when it needs a function or collation of the application's own. */
    public static boolean unprepared(SQLException e) {
        return e.getErrorCode() == ERROR;
    }

    /** True where there is no room: SQLite also calls it an I/O error, as with its shared memory. */
    public static boolean diskIsFull(Path file, SQLException e) {
        File folder = file.toAbsolutePath().getParent().toFile();
        return e.getErrorCode() == FULL || (e.getErrorCode() == IOERR && folder.getUsableSpace() < FULL_BYTES);
    }

    /**
     * The same error with its result code, where the driver hands out none: SQLite has one sentence for each (see
     * {@code sqlite3ErrStr} in its main.c).
     */
    public static SQLException coded(SQLException e) {
        String sentence = message(e);
        int code =
                switch (sentence) {
                    case "database is locked" -> BUSY;
                    case "database or disk is full" -> FULL;
                    case "database disk image is malformed" -> CORRUPT;
                    default -> IOERR;
                };
        return new SQLException(sentence, null, code, e);
    }

    /** SQLite's own sentence. */
    public static String message(SQLException e) {
        String text = String.valueOf(e.getMessage());
        Matcher matcher = DRIVER_MESSAGE.matcher(text);
        return matcher.matches() ? matcher.group(1) : text;
    }

    /**
     * A failure of the class that SQLite's result code stands for.
     *
     * @param otherwise the class where the result code stands for none of its own
     */
    public static Failure failure(Path file, SQLException e, ExitCode otherwise) {
        String message = file + ": " + message(e);
        if (diskIsFull(file, e)) {
            return new Failure(ExitCode.SPACE, message, "make room on that disk", e);
        }
        return switch (e.getErrorCode()) {
            case BUSY, LOCKED ->
                new Failure(ExitCode.BUSY, message, "end the transaction that holds it, or wait and run it again", e);
            case NOTADB ->
                new Failure(ExitCode.UNSUITABLE, message, "name a SQLite database; an encrypted one cannot be read", e);
            case CORRUPT ->
                new Failure(
                        ExitCode.UNSUITABLE,
                        file + " is damaged: " + message(e),
                        "restore an older backup, or rescue it with sqlite3's .recover",
                        e);
            case READONLY, CANTOPEN ->
                new Failure(
                        ExitCode.PRIVILEGE,
                        message + " (as " + System.getProperty("user.name") + ")",
                        "run as the owner of the database: SQLite must write beside it in WAL mode and after a crash",
                        e);
            case INTERRUPT -> new Failure(ExitCode.INTERRUPTED, file + ": interrupted", "run it again", e);
            default -> new Failure(otherwise, message, "look at the file with the sqlite3 program", e);
        };
    }
}
