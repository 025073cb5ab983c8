package io.github.bpipe.writer.target.sqlite;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.engine.SqliteProperties;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.Space;
import io.github.bpipe.writer.target.Status;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A SQLite database file. The staged copy is built in a private work folder beside the live file, {@code .NAME.bpipe},
 * which is locked while a restore runs and gone afterwards.
 *
 * <p>In-place mode frees the space of the live database before the copy is written: the file is removed, the rest is the
 * same. Until the end there is no database of that name, and a mark in the work folder says why.
 */
public final class SqliteTarget implements Target {
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);

    private final TargetOptions options;
    private final Duration busyLimit;
    private final Consumer<SqliteStep> steps;
    private final List<String> warnings = new ArrayList<>();
    private Header header;
    private SqliteProperties properties;
    private SqlitePaths paths;
    private OwnedFolder work;
    private final BlockDecompressor decompressor = new BlockDecompressor();
    private SqliteStaged staged;
    private boolean closed;

    public SqliteTarget(TargetOptions options) {
        this(options, BUSY_LIMIT, step -> {});
    }

    /**
     * With limits of one's own.
     *
     * @param busyLimit how long the switch waits for other users of the database
     * @param steps told each step when it is done
     */
    SqliteTarget(TargetOptions options, Duration busyLimit, Consumer<SqliteStep> steps) {
        this.options = options;
        this.busyLimit = busyLimit;
        this.steps = steps;
    }

    @Override
    public synchronized void prepare(Header streamHeader) throws IOException {
        header = streamHeader;
        if (!Engine.SQLITE.id().equals(header.engine())) {
            throw new Failure(
                    ExitCode.WRONG_ENGINE,
                    "the stream comes from " + header.engine() + ", the target is a SQLite file",
                    "take the right backup");
        }
        properties = properties(header);
        paths = new SqlitePaths(SqliteTargetFile.resolve(options.into() == null ? header.database() : options.into()));
        options.requireReplaceable(paths.live().toString(), Files.exists(paths.live()) || paths.halfRestored());
        begin();
        String recovered = new SqliteFormerFile(paths, work).recover();
        if (recovered != null) {
            warnings.add(recovered);
        }
        if (options.extent().isTables()) {
            tables().requirePossible();
        } else if (keepFormer() && Files.exists(paths.live())) {
            SqliteFormerFile.requireNone(paths);
        }
        requireSpace();
        if (options.inPlace()) {
            removeLive();
        }
        staged = new SqliteStaged(work.resolve("staged.db"));
    }

    @Override
    public void load(StoredBlock block) throws IOException {
        decompressor.decompress(block);
        staged.append(decompressor.content());
    }

    @Override
    public void check(List<ObjectEntry> objects) throws IOException {
        staged.finish();
        decompressor.close();
        warnings.addAll(staged.check(properties, objects));
        steps.accept(SqliteStep.CHECKED);
    }

    @Override
    public String staged() {
        return staged.file().toString();
    }

    @Override
    public synchronized SwitchReport switchOver() throws IOException {
        if (options.extent().isTables()) {
            return tables().run(staged.file());
        }
        SqliteSwitch.Plan plan = new SqliteSwitch.Plan(
                paths, work, staged.file(), properties.wal(), keepFormer(), false, dump(), busyLimit, steps);
        SqliteTargetFile.giveTo(properties, paths.live(), staged.file(), warnings);
        return new SqliteSwitch(plan, warnings).run();
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (work == null) {
            return;
        }
        try {
            if (staged != null) {
                staged.close();
            }
            new SqliteFormerFile(paths, work).recover();
            if (paths.halfRestored()) {
                work.release();
            }
        } catch (IOException e) {
            // what could not be tidied up is left to the next run, which finds it without an owner
            work.release();
        } finally {
            work.close();
        }
    }

    private static SqliteProperties properties(Header header) throws Failure {
        try {
            SqliteProperties properties = Json.fromTree(header.properties(), SqliteProperties.class);
            if (properties != null && properties.bytes() > 0) {
                return properties;
            }
        } catch (IOException e) {
            throw unusable(e);
        }
        throw unusable(null);
    }

    private static Failure unusable(IOException e) {
        return new Failure(
                ExitCode.DAMAGED_STREAM,
                "the header does not describe a SQLite database",
                "use another copy or an older backup",
                e);
    }

    private boolean keepFormer() {
        return options.keepFormer() && !options.inPlace();
    }

    private SqliteTables tables() {
        return new SqliteTables(paths, work.path(), options, busyLimit, steps, warnings);
    }

    private String dump() {
        return Status.dump(header.id(), header.job());
    }

    private void begin() throws IOException {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the restore was ended", "run it again");
        }
        try {
            work = OwnedFolder.claim(paths.work());
        } catch (Failure e) {
            throw e;
        } catch (FileSystemException e) {
            throw new Failure(
                    ExitCode.TARGET,
                    "cannot work beside " + paths.live() + ": " + e.getClass().getSimpleName() + " " + e.getMessage(),
                    "give " + System.getProperty("user.name") + " the right to write into "
                            + paths.live().getParent(),
                    e);
        }
    }

    private void removeLive() throws IOException {
        if (Files.exists(paths.live(), LinkOption.NOFOLLOW_LINKS)) {
            SqliteLive.requireUnused(paths);
            Files.writeString(paths.inPlaceMark(), "in-place restore of " + dump() + "\n");
            SqliteStaged.sync(paths.inPlaceMark());
            SqliteStaged.sync(work.path());
            Files.delete(paths.live());
        }
        SqliteLive.removeCompanions(paths);
        SqliteStaged.sync(paths.live().getParent());
        steps.accept(SqliteStep.LIVE_REMOVED);
    }

    private void requireSpace() throws IOException {
        long givenBack = options.inPlace() && Files.exists(paths.live()) ? Files.size(paths.live()) : 0;
        Optional<Space> space = Space.of(paths.live().getParent());
        if (space.isPresent()) {
            space.get().require(properties.bytes(), givenBack, options.inPlace());
        }
    }
}
