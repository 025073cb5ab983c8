package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.sqlite.SQLiteConnection;
import org.sqlite.core.DB;

/**
 * Overwrites a live database with a staged one through SQLite's online backup API: one transaction, whoever has the
 * live one open. Killed in the middle, SQLite's own recovery brings the old content back.
 */
final class SqliteOverwrite {
    private static final int PAGES_PER_STEP = 1000;
    private static final int PAUSE_MILLIS = 20;
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final SqliteSwitch.Plan plan;
    private final SqlitePaths paths;
    private final SqliteFormerFile former;
    private final List<String> warnings;

    SqliteOverwrite(SqliteSwitch.Plan plan, SqliteFormerFile former, List<String> warnings) {
        this.plan = plan;
        this.paths = plan.paths();
        this.former = former;
        this.warnings = warnings;
    }

    /** Returns for how long the live database was locked. */
    Duration run(SqliteFormerFile.Entry entry) throws IOException, SQLException {
        try (Connection live = SqliteFile.open(paths.live(), plan.busyLimit())) {
            boolean wal = "wal".equals(SqliteFile.text(live, "PRAGMA journal_mode"));
            long version = SqliteFile.number(live, "PRAGMA schema_version");
            SqliteFormerFile.Entry known = entry.withSchemaVersion(version);
            if (!wal) {
                return alone(live, known, false);
            }
            if (SqliteLive.users(paths).holders().isEmpty()) {
                return alone(live, known, true);
            }
            return amongOthers(live, known);
        }
    }

    /** With the live file locked from before the former database is copied until the new one is there. */
    private Duration alone(Connection live, SqliteFormerFile.Entry entry, boolean wal)
            throws IOException, SQLException {
        SqliteFile.text(live, "PRAGMA locking_mode = EXCLUSIVE");
        SqliteFile.execute(live, "BEGIN EXCLUSIVE");
        SqliteFile.execute(live, "COMMIT");
        long from = System.nanoTime();
        keepFormer(live, entry);
        if (wal) {
            // in WAL mode the page size of a database cannot change
            SqliteFile.text(live, "PRAGMA journal_mode = DELETE");
        }
        restore(live, () -> {});
        if (plan.wal()) {
            SqliteFile.text(live, "PRAGMA journal_mode = WAL");
        }
        plan.steps().accept(SqliteStep.SWITCHED);
        return Duration.ofNanos(System.nanoTime() - from);
    }

    /** In WAL mode, where readers go on reading what they began with. */
    private Duration amongOthers(Connection live, SqliteFormerFile.Entry entry) throws IOException, SQLException {
        requireSamePageSize(live);
        try (Connection second = SqliteFile.open(paths.live(), plan.busyLimit())) {
            long seen = SqliteFile.number(second, "PRAGMA data_version");
            keepFormer(second, entry);
            long from = System.nanoTime();
            // the live database is locked against writers once the first pages are under way
            restore(live, () -> copyAgainIfChanged(second, seen));
            plan.steps().accept(SqliteStep.SWITCHED);
            if (!plan.wal()) {
                warnings.add(paths.live() + " stays in WAL mode, because others have it open");
            }
            return Duration.ofNanos(System.nanoTime() - from);
        }
    }

    private void requireSamePageSize(Connection live) throws IOException, SQLException {
        long liveSize = SqliteFile.number(live, "PRAGMA page_size");
        long stagedSize;
        try (Connection staged = SqliteFile.open(plan.staged(), Duration.ZERO)) {
            stagedSize = SqliteFile.number(staged, "PRAGMA page_size");
        }
        if (liveSize != stagedSize) {
            throw SqliteLive.busy(
                    paths,
                    "in WAL mode a database in use cannot change its page size from " + liveSize + " to " + stagedSize);
        }
    }

    /** Copies the live database as it is now, and notes in the journal that it is safe. */
    private void keepFormer(Connection source, SqliteFormerFile.Entry entry) throws IOException, SQLException {
        SqliteFormerFile.Entry known = entry;
        if (plan.keep()) {
            // a second name of the live file may be left from a rename that was given up
            Files.deleteIfExists(former.file());
            Files.createFile(former.file(), PRIVATE);
            copy(source);
            known = entry.withFile(SqlitePaths.key(former.file()));
        }
        former.journal(known);
        plan.steps().accept(SqliteStep.FORMER_SAFE);
    }

    private void copy(Connection source) throws IOException, SQLException {
        Path file = former.file();
        Watch watch = new Watch(() -> {});
        int status =
                database(source).backup("main", SqliteFile.uri(file), watch, PAUSE_MILLIS, pauses(), PAGES_PER_STEP);
        if (status != 0 || !watch.done) {
            throw new Failure(
                    ExitCode.SWITCH_FAILED,
                    "the former database could not be copied to " + file + " (SQLite's code " + status + ")",
                    "make room there, or restore with --no-keep; the live database is untouched");
        }
        try (Connection copy = SqliteFile.open(file, Duration.ZERO)) {
            SqliteFile.text(copy, "PRAGMA journal_mode = DELETE");
        }
        SqliteTargetFile.giveTo(null, paths.live(), file, warnings);
        SqliteStaged.sync(file);
    }

    private void copyAgainIfChanged(Connection second, long seen) {
        if (!plan.keep()) {
            return;
        }
        try {
            if (SqliteFile.number(second, "PRAGMA data_version") != seen) {
                copy(second);
            }
        } catch (IOException | SQLException e) {
            warnings.add("the former database lacks what was committed in the last moment: " + e.getMessage());
        }
    }

    /**
     * Overwrites. The driver returns 0 even where nothing was written, so that only its last report of progress tells
     * that the transaction was committed.
     */
    private void restore(Connection live, Runnable whenLocked) throws IOException, SQLException {
        long pages;
        try (Connection staged = SqliteFile.open(plan.staged(), Duration.ZERO)) {
            pages = SqliteFile.number(staged, "PRAGMA page_count");
        }
        SqliteFile.busyLimit(live, Duration.ZERO);
        // never all in the first step, which is the one that takes the lock
        int perStep = (int) Math.min(PAGES_PER_STEP, Math.max(1, pages / 2));
        Watch watch = new Watch(() -> {
            whenLocked.run();
            plan.steps().accept(SqliteStep.OVERWRITING);
        });
        database(live).restore("main", SqliteFile.uri(plan.staged()), watch, PAUSE_MILLIS, pauses(), perStep);
        if (watch.done) {
            return;
        }
        if (!watch.begun) {
            throw SqliteLive.busy(paths, "no lock within " + plan.busyLimit().toSeconds() + " s");
        }
        throw new Failure(
                ExitCode.SWITCH_FAILED,
                "overwriting " + paths.live() + " failed and was taken back by SQLite",
                "look for a full disk: the transaction needs about the size of the database again");
    }

    private int pauses() {
        return (int) (plan.busyLimit().toMillis() / PAUSE_MILLIS);
    }

    private static DB database(Connection connection) throws SQLException {
        return connection.unwrap(SQLiteConnection.class).getDatabase();
    }

    private static final class Watch implements DB.ProgressObserver {
        private final Runnable first;
        private boolean begun;
        private boolean done;

        Watch(Runnable first) {
            this.first = first;
        }

        @Override
        public void progress(int remaining, int pageCount) {
            if (!begun) {
                begun = true;
                first.run();
            }
            done = remaining == 0;
        }
    }
}
