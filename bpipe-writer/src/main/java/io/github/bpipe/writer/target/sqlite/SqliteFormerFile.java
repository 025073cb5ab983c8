package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The database that was live before: made in the work folder, given its final name after the switch, and recognised by
 * a record beside it. The same record, while it is still in the work folder, is the journal of the switch: with it the
 * next run finishes what a killed one began, or takes it back.
 */
final class SqliteFormerFile {
    /**
     * What is known about a former database.
     *
     * @param made when it ceased to be live
     * @param replacedBy id of the dump, and its job where there is one, that took its place
     * @param file identity of the former file, or null while it is not made
     * @param live identity of the live file before the switch
     * @param journalMode of the live database before the switch: {@code wal} or {@code delete}
     * @param schemaVersion of the live database before the switch, which every overwriting counts up; null where the
     *     switch is a rename
     * @param keep false where no former database is to be kept
     * @param replace true where it takes the place of an older former database
     */
    record Entry(
            Instant made,
            String replacedBy,
            String file,
            String live,
            String journalMode,
            Long schemaVersion,
            boolean keep,
            boolean replace) {
        Entry withFile(String key) {
            return new Entry(made, replacedBy, key, live, journalMode, schemaVersion, keep, replace);
        }

        Entry withSchemaVersion(Long version) {
            return new Entry(made, replacedBy, file, live, journalMode, version, keep, replace);
        }
    }

    /** How long to wait for a lock where the answer only decides how much is tidied up. */
    static final Duration BUSY_LIMIT = Duration.ofSeconds(5);

    private final SqlitePaths paths;
    private final OwnedFolder work;

    SqliteFormerFile(SqlitePaths paths, OwnedFolder work) {
        this.paths = paths;
        this.work = work;
    }

    /** What the record beside the former database says; null where there is none, or it speaks of another file. */
    static Entry read(SqlitePaths paths) throws IOException {
        Entry entry = parse(paths.formerRecord());
        String key = SqlitePaths.key(paths.former());
        boolean ours =
                entry != null && key != null && key.equals(entry.file()) && !key.equals(SqlitePaths.key(paths.live()));
        return ours ? entry : null;
    }

    /** Refuses where a former database is kept already: it would be overwritten. */
    static void requireNone(SqlitePaths paths) throws IOException {
        if (!Files.exists(paths.former(), LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Entry entry = read(paths);
        throw new Failure(
                ExitCode.TARGET,
                entry == null
                        ? paths.former() + " is in the way and was not made by this program"
                        : "the former database of " + entry.made() + " is still kept as " + paths.former(),
                entry == null
                        ? "move it away, or restore with --no-keep"
                        : "bpipe-writer discard removes it; --no-keep keeps none this time");
    }

    /** Where the former database is made. */
    Path file() {
        return work.resolve("former.db");
    }

    /** Writes the journal; from now on a killed switch can be understood. */
    void journal(Entry entry) throws IOException {
        Path beside = work.resolve("journal.new");
        Files.write(beside, Json.bytes(entry));
        SqliteStaged.sync(beside);
        Files.move(beside, journalFile(), StandardCopyOption.ATOMIC_MOVE);
        SqliteStaged.sync(work.path());
    }

    /**
     * Gives the former database its final name; the journal becomes its record.
     *
     * @param replace true to take the place of an older one
     */
    void name(boolean replace) throws IOException {
        if (!replace) {
            requireNone(paths);
        }
        // a record without its file is understood, a file without its record would not be
        Files.move(journalFile(), paths.formerRecord(), StandardCopyOption.REPLACE_EXISTING);
        move(file(), paths.former());
        for (int i = 0; i < SqlitePaths.companionsOf(file()).size(); i++) {
            Path companion = SqlitePaths.companionsOf(file()).get(i);
            if (Files.exists(companion)) {
                move(companion, SqlitePaths.companionsOf(paths.former()).get(i));
            }
        }
        SqliteStaged.sync(paths.live().getParent());
    }

    /**
     * Finishes or takes back what a killed run left in the work folder, which is empty afterwards but for the mark of an
     * in-place restore.
     *
     * @return what was done, one sentence, or null
     */
    String recover() throws IOException {
        Entry entry = parse(journalFile());
        if (entry == null) {
            entry = recordOfUnnamed();
        }
        String done = null;
        if (entry != null) {
            done = switched(entry) ? finish(entry) : takeBack(entry);
        }
        if (paths.halfRestored()) {
            work.clear(paths.inPlaceMark());
        } else {
            work.clear();
        }
        return done;
    }

    /** The record where the run was killed between naming the record and naming the file. */
    private Entry recordOfUnnamed() throws IOException {
        Entry entry = parse(paths.formerRecord());
        return entry != null && entry.file() != null && entry.file().equals(SqlitePaths.key(file())) ? entry : null;
    }

    private boolean switched(Entry entry) throws IOException {
        if (!Objects.equals(entry.live(), SqlitePaths.key(paths.live()))) {
            return true;
        }
        if (entry.schemaVersion() == null) {
            return false;
        }
        try (Connection live = SqliteFile.open(paths.live(), BUSY_LIMIT)) {
            return SqliteFile.number(live, "PRAGMA schema_version") != entry.schemaVersion();
        } catch (SQLException e) {
            // not to be known: what may be the only copy of the former database is kept
            return true;
        }
    }

    private String finish(Entry entry) throws IOException {
        if (!entry.keep() || !Files.exists(file())) {
            return "a restore that was killed had already switched";
        }
        if (!Files.exists(journalFile())) {
            Files.copy(paths.formerRecord(), journalFile());
        }
        name(entry.replace());
        return "a restore that was killed had already switched; its former database is kept as " + paths.former();
    }

    private String takeBack(Entry entry) throws IOException {
        for (int i = 0; i < SqlitePaths.companionsOf(file()).size(); i++) {
            Path companion = SqlitePaths.companionsOf(file()).get(i);
            if (Files.exists(companion)) {
                move(companion, paths.companions().get(i));
            }
        }
        String done = "a restore that was killed had not switched";
        try {
            if (SqliteLive.state(paths, BUSY_LIMIT) == SqliteLive.State.SOUND) {
                SqliteLive.setJournalMode(paths, entry.journalMode());
            }
            return done;
        } catch (Failure e) {
            return done + "; " + e.getMessage();
        } catch (SQLException e) {
            return done + "; its journal mode could not be set again: " + SqliteFile.message(e);
        }
    }

    private Path journalFile() {
        return work.resolve("journal.json");
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static Entry parse(Path file) throws IOException {
        try {
            return Json.parse(Files.readAllBytes(file), Entry.class);
        } catch (NoSuchFileException e) {
            return null;
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new Failure(
                    ExitCode.TARGET, file + " is damaged: " + e.getOriginalMessage(), "move it away and look into it");
        }
    }
}
