package io.github.bpipe.writer.target.sqlite;

import static io.github.bpipe.core.engine.SqliteFile.execute;
import static io.github.bpipe.core.engine.SqliteFile.quote;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts the tables of a staged file in the place of those of the same name in the live database, in one transaction of the
 * live database: killed in the middle, SQLite's own recovery brings the old content back. The former tables are copied
 * into a file of their own while that transaction keeps every other writer out.
 */
final class SqliteTables {
    private static final String STAGED = "bpipe_staged";
    private static final String LIVE = "bpipe_live";

    private final SqlitePaths paths;
    private final Path work;
    private final TargetOptions options;
    private final Duration busyLimit;
    private final Consumer<SqliteStep> steps;
    private final List<String> warnings;

    /**
     * @param work the folder in which the former tables are written
     * @param busyLimit how long to wait for other users
     * @param steps told each step when it is done
     */
    SqliteTables(
            SqlitePaths paths,
            Path work,
            TargetOptions options,
            Duration busyLimit,
            Consumer<SqliteStep> steps,
            List<String> warnings) {
        this.paths = paths;
        this.work = work;
        this.options = options;
        this.busyLimit = busyLimit;
        this.steps = steps;
        this.warnings = warnings;
    }

    /** Refuses a live database that is missing, and former tables that are still kept. */
    void requirePossible() throws IOException {
        if (SqliteLive.state(paths, busyLimit) != SqliteLive.State.SOUND || paths.halfRestored()) {
            throw new Failure(
                    ExitCode.NO_DATABASE,
                    "there is no readable database " + paths.live() + " to restore tables into",
                    "restore all of it, or the tables into a file of their own with --into");
        }
        if (options.keepFormer() && Files.exists(paths.formerTables())) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the tables before the last restore of some are still kept, as " + paths.formerTables(),
                    "move or remove that file, or restore with --no-keep");
        }
    }

    /** Exchanges them, or fails and leaves the live database as it is. */
    SwitchReport run(Path staged) throws IOException {
        requirePossible();
        try (Connection live = SqliteFile.open(paths.live(), busyLimit)) {
            attach(live, staged, STAGED);
            SqliteTableCopy copy = new SqliteTableCopy(live, STAGED);
            List<String> tables = copy.tables();
            long from = System.nanoTime();
            execute(live, "BEGIN IMMEDIATE");
            exchange(live, copy, tables);
            Duration unusable = Duration.ofNanos(System.nanoTime() - from);
            steps.accept(SqliteStep.SWITCHED);
            String kept = options.keepFormer() ? paths.formerTables().toString() : null;
            return new SwitchReport(paths.live().toString(), kept, unusable, List.copyOf(warnings));
        } catch (SQLException e) {
            if (SqliteFile.busy(e)) {
                throw SqliteLive.busy(paths, SqliteFile.message(e));
            }
            throw SqliteFile.failure(paths.live(), e, ExitCode.SWITCH_FAILED);
        }
    }

    private void exchange(Connection live, SqliteTableCopy copy, List<String> tables) throws IOException, SQLException {
        boolean committed = false;
        try {
            if (options.keepFormer()) {
                keepFormer(tables);
            }
            steps.accept(SqliteStep.FORMER_SAFE);
            SqliteDependents dependents = new SqliteDependents(live, tables);
            for (String table : tables) {
                execute(live, "DROP TABLE IF EXISTS main." + quote(table));
            }
            for (String table : tables) {
                copy.copy(table);
            }
            dependents.require(options.extent(), warnings);
            steps.accept(SqliteStep.OVERWRITING);
            execute(live, "COMMIT");
            committed = true;
        } finally {
            if (!committed) {
                // closing the connection rolls back, as SQLite may have done by itself
                if (options.keepFormer()) {
                    Files.deleteIfExists(paths.formerTables());
                }
            }
        }
    }

    private void keepFormer(List<String> tables) throws IOException, SQLException {
        Path file = work.resolve("tables.db");
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (Connection former = SqliteFile.open(file, busyLimit)) {
            try (Connection live = SqliteFile.open(paths.live(), busyLimit)) {
                execute(former, "PRAGMA encoding = '" + SqliteFile.text(live, "PRAGMA encoding") + "'");
            }
            attach(former, paths.live(), LIVE);
            execute(former, "BEGIN");
            SqliteTableCopy copy = new SqliteTableCopy(former, LIVE);
            for (String table : tables) {
                if (!SqliteTableCopy.names(
                                former,
                                "SELECT 1 FROM " + LIVE
                                        + ".sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE",
                                table)
                        .isEmpty()) {
                    copy.copy(table);
                }
            }
            execute(former, "COMMIT");
        }
        SqliteTargetFile.giveTo(null, paths.live(), file, warnings);
        SqliteStaged.sync(file);
        Files.move(file, paths.formerTables(), StandardCopyOption.ATOMIC_MOVE);
        SqliteStaged.sync(paths.live().getParent());
    }

    private static void attach(Connection connection, Path file, String name) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("ATTACH ? AS " + name)) {
            statement.setString(1, SqliteFile.uri(file) + "?mode=rw");
            statement.execute();
        }
    }
}
