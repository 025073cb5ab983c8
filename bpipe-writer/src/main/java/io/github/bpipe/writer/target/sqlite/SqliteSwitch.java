package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.process.OpenFiles;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/**
 * Puts a staged file in the place of the live database: by a rename where provably nobody has the live one open, else
 * by overwriting it in one transaction ({@link SqliteOverwrite}). A live database that SQLite cannot read is renamed
 * away.
 */
final class SqliteSwitch {
    /**
     * What is to be done.
     *
     * @param staged the checked file, in the work folder
     * @param wal true where the new database shall be in WAL mode
     * @param keep true to keep the former database
     * @param replace true where the former database takes the place of an older one
     * @param replacedBy what replaces it, in words
     * @param busyLimit how long to wait for other users
     * @param steps told each step when it is done
     */
    record Plan(
            SqlitePaths paths,
            OwnedFolder work,
            Path staged,
            boolean wal,
            boolean keep,
            boolean replace,
            String replacedBy,
            Duration busyLimit,
            Consumer<SqliteStep> steps) {}

    private final Plan plan;
    private final SqlitePaths paths;
    private final SqliteFormerFile former;
    private final List<String> warnings;

    SqliteSwitch(Plan plan, List<String> warnings) {
        this.plan = plan;
        this.paths = plan.paths();
        this.former = new SqliteFormerFile(paths, plan.work());
        this.warnings = warnings;
    }

    /** Switches, or fails and leaves the live database as it is. */
    SwitchReport run() throws IOException {
        SqliteLive.State state = SqliteLive.state(paths, plan.busyLimit());
        if (state == SqliteLive.State.MISSING) {
            SqliteLive.removeCompanions(paths);
            return report(null, rename());
        }
        SqliteFormerFile.Entry entry = new SqliteFormerFile.Entry(
                Instant.now(),
                plan.replacedBy(),
                null,
                SqlitePaths.key(paths.live()),
                state == SqliteLive.State.SOUND ? journalMode() : "delete",
                null,
                plan.keep(),
                plan.replace());
        if (state == SqliteLive.State.DAMAGED) {
            return replaceDamaged(entry);
        }
        if (mayRename()) {
            SwitchReport report = replaceUnused(entry);
            if (report != null) {
                return report;
            }
        }
        return overwrite(entry);
    }

    /** True where nobody uses the live file, and nothing that is tied to it would be lost with it. */
    private boolean mayRename() throws IOException {
        OpenFiles.Answer users = SqliteLive.users(paths);
        int links = (Integer) Files.getAttribute(paths.live(), "unix:nlink");
        return users.complete()
                && users.holders().isEmpty()
                && links == 1
                && SqliteTargetFile.sameOwner(paths.live(), plan.staged());
    }

    /** The switch by rename; null where somebody came in between, and nothing has happened. */
    private SwitchReport replaceUnused(SqliteFormerFile.Entry entry) throws IOException {
        former.journal(entry);
        plan.steps().accept(SqliteStep.JOURNAL_WRITTEN);
        try {
            if (!detach()) {
                return null;
            }
            plan.steps().accept(SqliteStep.DETACHED);
            // no companion is made by a lock alone, so that none can be left beside the new file
            try (Connection lock = SqliteFile.open(paths.live(), Duration.ZERO)) {
                SqliteFile.execute(lock, "BEGIN EXCLUSIVE");
                long from = System.nanoTime();
                boolean alone = SqliteLive.users(paths).holders().isEmpty()
                        && paths.companions().stream().noneMatch(Files::exists);
                if (!alone || !linkFormer(entry)) {
                    SqliteFile.execute(lock, "ROLLBACK");
                    return null;
                }
                rename();
                Duration unusable = Duration.ofNanos(System.nanoTime() - from);
                SqliteFile.execute(lock, "ROLLBACK");
                return report(nameFormer(), unusable);
            }
        } catch (SQLException e) {
            if (SqliteFile.busy(e)) {
                return null;
            }
            throw SqliteFile.failure(paths.live(), e, ExitCode.SWITCH_FAILED);
        }
    }

    /** Moves the WAL into the live file, which then stands alone; false where somebody has it open. */
    private boolean detach() throws SQLException {
        try (Connection connection = SqliteFile.open(paths.live(), Duration.ZERO)) {
            SqliteFile.text(connection, "PRAGMA locking_mode = EXCLUSIVE");
            SqliteFile.execute(connection, "BEGIN EXCLUSIVE");
            SqliteFile.execute(connection, "COMMIT");
            return "delete".equals(SqliteFile.text(connection, "PRAGMA journal_mode = DELETE"));
        }
    }

    private SwitchReport replaceDamaged(SqliteFormerFile.Entry entry) throws IOException {
        SqliteLive.requireUnused(paths);
        former.journal(entry);
        plan.steps().accept(SqliteStep.JOURNAL_WRITTEN);
        if (!linkFormer(entry)) {
            Files.move(paths.live(), former.file(), StandardCopyOption.ATOMIC_MOVE);
            former.journal(entry.withFile(SqlitePaths.key(former.file())));
        }
        List<Path> aside = SqlitePaths.companionsOf(former.file());
        for (int i = 0; i < aside.size(); i++) {
            Path companion = paths.companions().get(i);
            if (Files.exists(companion)) {
                Files.move(companion, aside.get(i), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Duration unusable = rename();
        warnings.add("what stood there was no readable database");
        return report(nameFormer(), unusable);
    }

    private SwitchReport overwrite(SqliteFormerFile.Entry entry) throws IOException {
        try {
            Duration unusable = new SqliteOverwrite(plan, former, warnings).run(entry);
            return report(nameFormer(), unusable);
        } catch (SQLException e) {
            if (SqliteFile.busy(e)) {
                throw SqliteLive.busy(paths, SqliteFile.message(e));
            }
            throw SqliteFile.failure(paths.live(), e, ExitCode.SWITCH_FAILED);
        }
    }

    private String journalMode() throws IOException {
        try (Connection connection = SqliteFile.open(paths.live(), plan.busyLimit())) {
            return SqliteFile.text(connection, "PRAGMA journal_mode");
        } catch (SQLException e) {
            throw SqliteFile.failure(paths.live(), e, ExitCode.TARGET);
        }
    }

    /** A second name for the live file in the work folder; false where the file system knows no second names. */
    private boolean linkFormer(SqliteFormerFile.Entry entry) throws IOException {
        if (plan.keep()) {
            try {
                Files.createLink(former.file(), paths.live());
            } catch (FileSystemException | UnsupportedOperationException e) {
                return false;
            }
            former.journal(entry.withFile(SqlitePaths.key(former.file())));
        }
        plan.steps().accept(SqliteStep.FORMER_SAFE);
        return true;
    }

    /** The staged file becomes the live one, in the journal mode it shall have. */
    private Duration rename() throws IOException {
        if (plan.wal()) {
            try (Connection staged = SqliteFile.open(plan.staged(), Duration.ZERO)) {
                SqliteFile.text(staged, "PRAGMA journal_mode = WAL");
            } catch (SQLException e) {
                throw SqliteFile.failure(plan.staged(), e, ExitCode.SWITCH_FAILED);
            }
        }
        SqliteStaged.sync(plan.staged());
        long from = System.nanoTime();
        if (Files.exists(paths.inPlaceMark())) {
            Files.writeString(paths.inPlaceMark(), SqlitePaths.key(plan.staged()));
        }
        Files.move(plan.staged(), paths.live(), StandardCopyOption.ATOMIC_MOVE);
        SqliteStaged.sync(paths.live().getParent());
        plan.steps().accept(SqliteStep.SWITCHED);
        return Duration.ofNanos(System.nanoTime() - from);
    }

    /** Gives the former database its name, where one is kept. */
    private Path nameFormer() throws IOException {
        if (!plan.keep()) {
            return null;
        }
        former.name(plan.replace());
        plan.steps().accept(SqliteStep.FORMER_NAMED);
        return paths.former();
    }

    private SwitchReport report(Path kept, Duration unusable) {
        return new SwitchReport(
                paths.live().toString(), kept == null ? null : kept.toString(), unusable, List.copyOf(warnings));
    }
}
