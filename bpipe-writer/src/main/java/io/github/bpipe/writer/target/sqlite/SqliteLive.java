package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.OpenFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What can be known about the live database before it is replaced: its state, and who uses it. */
final class SqliteLive {
    /** What stands where the restored database is to stand. */
    enum State {
        MISSING,
        SOUND,
        /** Something that SQLite cannot read. */
        DAMAGED
    }

    /** How every database file begins, see https://sqlite.org/fileformat.html#the_database_header. */
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

    private SqliteLive() {}

    /** Looks at the live database; SQLite recovers what a dead writer left beside it. */
    static State state(SqlitePaths paths, Duration busyLimit) throws IOException {
        if (!Files.exists(paths.live())) {
            return State.MISSING;
        }
        if (!looksLikeDatabase(paths.live())) {
            return State.DAMAGED;
        }
        try (Connection connection = SqliteFile.open(paths.live(), busyLimit)) {
            SqliteFile.number(connection, "SELECT count(*) FROM sqlite_schema");
            return State.SOUND;
        } catch (SQLException e) {
            if (SqliteFile.busy(e)) {
                throw busy(paths, SqliteFile.message(e));
            }
            if (SqliteFile.damaged(e) || SqliteFile.unprepared(e)) {
                return State.DAMAGED;
            }
            throw SqliteFile.failure(paths.live(), e, ExitCode.TARGET);
        }
    }

    /**
     * False where SQLite would not read the file. Asked before SQLite opens it, because SQLite removes a WAL that it
     * finds beside such a file.
     */
    private static boolean looksLikeDatabase(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] begin = in.readNBytes(MAGIC.length);
            return begin.length == 0 || Arrays.equals(begin, MAGIC);
        }
    }

    /** Which other processes have the database or one of its companions open. */
    static OpenFiles.Answer users(SqlitePaths paths) throws IOException {
        List<Path> files = new ArrayList<>(paths.companions());
        files.add(paths.live());
        return OpenFiles.find(files);
    }

    /** Refuses where somebody has the database open. */
    static void requireUnused(SqlitePaths paths) throws IOException {
        if (!users(paths).holders().isEmpty()) {
            throw busy(paths, "it is open");
        }
    }

    /** The refusal that names who is in the way. */
    static Failure busy(SqlitePaths paths, String why) throws IOException {
        return new Failure(
                ExitCode.BUSY,
                paths.live() + " is held by " + users(paths).describe() + ": " + why,
                "stop the application, then run it again; the live database is untouched");
    }

    /**
     * Sets the journal mode of a database that a killed run left behind, which for {@code delete} also removes a journal
     * that was never needed.
     */
    static void setJournalMode(SqlitePaths paths, String mode) throws SQLException {
        try (Connection live = SqliteFile.open(paths.live(), SqliteFormerFile.BUSY_LIMIT)) {
            if ("delete".equals(mode)) {
                SqliteFile.text(live, "PRAGMA journal_mode = TRUNCATE");
            }
            SqliteFile.text(live, "PRAGMA journal_mode = " + mode);
        }
    }

    /**
     * Removes companions without a readable database: SQLite itself would do so when it meets them beside an empty
     * file, and would replay them into any other.
     */
    static void removeCompanions(SqlitePaths paths) throws IOException {
        for (Path companion : paths.companions()) {
            Files.deleteIfExists(companion);
        }
    }
}
