package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.SqliteContents;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.writer.target.Former;
import io.github.bpipe.writer.target.Status;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What can be done with a SQLite database after a restore. */
public final class SqliteFormer implements Former {
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);

    private final SqlitePaths paths;
    private final Duration busyLimit;

    /**
     * For one database.
     *
     * @param database its file
     */
    public SqliteFormer(String database) throws IOException {
        this(database, BUSY_LIMIT);
    }

    /** @param busyLimit how long a rollback waits for other users of the database */
    SqliteFormer(String database, Duration busyLimit) throws IOException {
        this.paths = new SqlitePaths(SqliteTargetFile.find(database));
        this.busyLimit = busyLimit;
    }

    @Override
    public Status status() throws IOException {
        SqliteFormerFile.Entry entry = SqliteFormerFile.read(paths);
        return new Status(
                paths.live().toString(),
                Files.exists(paths.live()),
                paths.halfRestored(),
                OwnedFolder.inUse(paths.work()),
                entry == null ? null : paths.former().toString(),
                entry == null ? null : entry.made(),
                entry == null ? null : entry.replacedBy(),
                Files.exists(paths.work()) ? List.of(paths.work().toString()) : List.of());
    }

    @Override
    public SwitchReport rollback() throws IOException {
        SqliteTargetFile.requireWritable(paths.live());
        try (OwnedFolder work = OwnedFolder.claim(paths.work())) {
            new SqliteFormerFile(paths, work).recover();
            SqliteFormerFile.Entry entry = requireFormer();
            requireSound(paths.former());
            Path staged = work.resolve("staged.db");
            try {
                Files.createLink(staged, paths.former());
            } catch (FileSystemException | UnsupportedOperationException e) {
                Files.copy(paths.former(), staged);
            }
            List<String> warnings = new ArrayList<>();
            boolean keep = Files.exists(paths.live());
            SqliteTargetFile.giveTo(null, keep ? paths.live() : staged, staged, warnings);
            SqliteSwitch.Plan plan = new SqliteSwitch.Plan(
                    paths,
                    work,
                    staged,
                    "wal".equals(entry.journalMode()),
                    keep,
                    true,
                    ROLLBACK,
                    busyLimit,
                    step -> {});
            SwitchReport report;
            try {
                report = new SqliteSwitch(plan, warnings).run();
            } finally {
                new SqliteFormerFile(paths, work).recover();
            }
            if (!keep) {
                remove();
            }
            return report;
        }
    }

    @Override
    public String discard() throws IOException {
        SqliteTargetFile.requireWritable(paths.live());
        try (OwnedFolder work = OwnedFolder.claim(paths.work())) {
            new SqliteFormerFile(paths, work).recover();
            requireFormer();
            remove();
            return paths.former().toString();
        }
    }

    @Override
    public List<String> recover() throws IOException {
        if (!Files.exists(paths.work())) {
            return List.of();
        }
        try (OwnedFolder work = OwnedFolder.claim(paths.work())) {
            new SqliteFormerFile(paths, work).recover();
        }
        return List.of(paths.work() + " is removed");
    }

    private void remove() throws IOException {
        for (Path companion : SqlitePaths.companionsOf(paths.former())) {
            Files.deleteIfExists(companion);
        }
        Files.deleteIfExists(paths.former());
        Files.deleteIfExists(paths.formerRecord());
    }

    private SqliteFormerFile.Entry requireFormer() throws IOException {
        SqliteFormerFile.Entry entry = SqliteFormerFile.read(paths);
        if (entry == null) {
            throw Former.none(paths.live().toString());
        }
        return entry;
    }

    private static void requireSound(Path former) throws IOException {
        try (Connection connection = SqliteFile.open(former, Duration.ZERO)) {
            SqliteContents.check(connection);
        } catch (SqliteContents.SqliteDamage e) {
            throw new Failure(
                    ExitCode.CHECK_FAILED,
                    "the former database is damaged: " + e.getMessage(),
                    "the live database is untouched; restore a backup instead",
                    e);
        } catch (SQLException e) {
            throw SqliteFile.failure(former, e, ExitCode.CHECK_FAILED);
        }
    }
}
