package io.github.bpipe.reader;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.cli.Version;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.file.StagedFile;
import io.github.bpipe.core.hook.HookPoint;
import io.github.bpipe.core.hook.HooksAround;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.snapshot.ManifestHead;
import io.github.bpipe.core.snapshot.ManifestTail;
import io.github.bpipe.core.snapshot.SavedPaths;
import io.github.bpipe.core.snapshot.SavedTree;
import io.github.bpipe.core.snapshot.SnapshotFolder;
import io.github.bpipe.core.snapshot.TreeSaver;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.reader.source.Source;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** One snapshot: checks, hooks, database, files, hooks, verification; only then it has its name. */
final class Snapshot {
    /** Hooks after the backup run also when a signal has ended it. */
    private static final Duration TIME_TO_END = Duration.ofMinutes(2);

    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Profile profile;
    private final Map<String, String> environment;
    private final Messages messages;
    private final HooksAround hooks;
    private volatile Runnable end = () -> {};

    Snapshot(Profile profile, HooksAround hooks, Map<String, String> environment, Messages messages) {
        this.profile = profile;
        this.hooks = hooks;
        this.environment = environment;
        this.messages = messages;
    }

    /** Makes it in a folder that is not there yet, or leaves nothing. */
    RunSummary make(Path target) throws IOException {
        SavedPaths paths = new SavedPaths(
                profile.files().include(), profile.files().exclude(), profile.engine(), profile.database());
        paths.requireFixed();
        Path place = SnapshotPlace.checked(target, paths);
        DumpOptions options = DumpChoice.of(profile);
        proveDump(options);
        try (OwnedFolder owned = OwnedFolder.create(place.getParent(), "." + place.getFileName() + ".bpipe-");
                Interruption interruption = new Interruption("snapshot", () -> end.run(), TIME_TO_END, messages)) {
            try {
                return make(place, owned, paths, options);
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.SNAPSHOT);
            }
        }
    }

    private RunSummary make(Path place, OwnedFolder owned, SavedPaths paths, DumpOptions options) throws IOException {
        SavedTree tree = new SavedTree(paths);
        end = tree::end;
        SnapshotPlace.requireRoom(tree, owned.path());
        SnapshotFolder snapshot = new SnapshotFolder(Files.createDirectory(owned.resolve("snapshot"), PRIVATE));
        RunSummary summary;
        try {
            runHooks(HookPoint.PRE_BACKUP);
            summary = dump(options, snapshot.stream());
            save(tree, paths, snapshot);
        } catch (IOException | RuntimeException e) {
            openAgain(e);
            throw e;
        }
        runHooks(HookPoint.POST_BACKUP);
        ManifestTail tail = snapshot.verify();
        publish(snapshot, place);
        tree.leftOut().forEach(line -> messages.warning("not saved: " + line));
        messages.info(String.format(
                "snapshot %s: %,d files, %s, and the database %s; bpipe-writer undo --profile %s --from %s brings it back",
                place, tail.entries(), Sizes.text(tail.bytes()), profile.database(), profile.name(), place));
        return summary.in(place.toString());
    }

    /** Before any hook closes the application for its users. */
    private static void proveDump(DumpOptions options) throws IOException {
        try (Source source = options.source()) {
            source.open();
        }
    }

    private RunSummary dump(DumpOptions options, Path stream) throws IOException {
        // the dump watches for signals itself
        end = () -> {};
        try (Progress progress = new Progress(messages, false, Progress.LOG_PERIOD);
                StagedFile file = new StagedFile(stream)) {
            RunSummary summary = new Dump(options, environment, messages).run(file.out(), progress);
            file.commit();
            return summary;
        }
    }

    private void save(SavedTree tree, SavedPaths paths, SnapshotFolder snapshot) throws IOException {
        ManifestHead head = new ManifestHead(
                ManifestHead.VERSION,
                "bpipe-reader " + Version.number(),
                profile.name(),
                profile.engine(),
                profile.database(),
                dumpId(snapshot),
                Instant.now(),
                profile.files().include(),
                profile.files().exclude());
        try (TreeSaver saver = new TreeSaver(snapshot, head)) {
            end = () -> {
                tree.end();
                saver.end();
            };
            saver.save(tree, paths);
        }
    }

    private static UUID dumpId(SnapshotFolder snapshot) throws IOException {
        try (InputStream in = Files.newInputStream(snapshot.stream())) {
            return new StreamDecoder(in).header().id();
        }
    }

    private void runHooks(HookPoint point) throws IOException {
        end = point.isBefore() ? hooks::end : () -> {};
        hooks.run(point, environment);
    }

    /** After a failure, which is what is told. */
    private void openAgain(Exception failure) {
        try {
            runHooks(HookPoint.POST_BACKUP);
        } catch (IOException | RuntimeException e) {
            messages.warning("after the failure: " + e.getMessage());
            failure.addSuppressed(e);
        }
    }

    /** Everything is on the disk before the name says that it is complete. */
    private static void publish(SnapshotFolder snapshot, Path place) throws IOException {
        Captured synced =
                Captured.run(Command.of("sync", "--file-system", snapshot.path().toString()));
        if (synced.status() != 0) {
            throw new Failure(ExitCode.OUTPUT, "cannot write to the disk: " + synced.stderr(), "look at the disk");
        }
        Files.move(snapshot.path(), place, StandardCopyOption.ATOMIC_MOVE);
        StagedFile.syncFolder(place.getParent());
    }
}
