package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.core.file.TrustedFile;
import io.github.bpipe.core.hook.HookPoint;
import io.github.bpipe.core.hook.HooksAround;
import io.github.bpipe.core.job.RestoreOutcome;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.snapshot.ManifestHead;
import io.github.bpipe.core.snapshot.ManifestReader;
import io.github.bpipe.core.snapshot.SavedPaths;
import io.github.bpipe.core.snapshot.SnapshotFolder;
import io.github.bpipe.writer.undo.LiveTree;
import io.github.bpipe.writer.undo.TreeFiller;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * One undo: everything is proven, then hooks, files, database, owners, hooks. The folders of the application stay closed to
 * it from the first change to the last, also when it fails in between; each step can be repeated.
 */
final class Undo {
    /** Hooks after the restore run also when a signal has ended it. */
    private static final Duration TIME_TO_END = Duration.ofMinutes(2);
    /** In the snapshot while an undo is under way; what it holds stays after one that did not finish. */
    private static final String WORK = "undo";

    private static final String BEGUN = "begun";

    private final Profile profile;
    private final Messages messages;
    private final HooksAround hooks;
    private final Map<String, String> environment;
    private volatile Runnable end = () -> {};

    Undo(Profile profile, HooksAround hooks, Map<String, String> environment, Messages messages) {
        this.profile = profile;
        this.hooks = hooks;
        this.environment = environment;
        this.messages = messages;
    }

    /** Brings everything back from the snapshot in a folder. */
    RunSummary run(Path from) throws IOException {
        SnapshotFolder snapshot = new SnapshotFolder(from.toAbsolutePath().normalize());
        TrustedFile.require(snapshot.manifest(), "snapshot", System.getProperty("user.name"));
        ManifestHead head = head(snapshot);
        try (OwnedFolder work = OwnedFolder.claim(snapshot.path().resolve(WORK));
                Interruption interruption = new Interruption("undo", () -> end.run(), TIME_TO_END, messages)) {
            Path begun = work.resolve(BEGUN);
            try {
                return run(snapshot, head, begun);
            } catch (IOException | RuntimeException e) {
                Failure failure = interruption.explain(e, ExitCode.SNAPSHOT);
                if (!Files.exists(begun)) {
                    throw failure;
                }
                work.release();
                keepClosed(failure);
                throw new Failure(
                        failure.exitCode(),
                        failure.getMessage() + "; the application is half brought back and stays closed",
                        failure.hint() + "; then run the same undo again, which completes it",
                        failure);
            }
        }
    }

    /** When everything is back: the hooks that open the application again. */
    void open() throws IOException {
        try (Interruption interruption = new Interruption("undo", hooks::end, TIME_TO_END, messages)) {
            try {
                runHooksAfter(RestoreOutcome.UNDONE);
            } catch (IOException | RuntimeException e) {
                Failure failure = interruption.explain(e, ExitCode.HOOK);
                throw new Failure(
                        failure.exitCode(),
                        "files and database are back, but " + failure.getMessage(),
                        failure.hint() + "; then run " + RestoreOutcome.VARIABLE + "=" + RestoreOutcome.UNDONE.word()
                                + " bpipe-writer hook post-restore --profile " + profile.name(),
                        failure);
            }
        }
    }

    private RunSummary run(SnapshotFolder snapshot, ManifestHead head, Path begun) throws IOException {
        SavedPaths paths = head.paths();
        paths.requireFixed();
        snapshot.verify();
        boolean again = Files.exists(begun);
        UndoneDatabase database = new UndoneDatabase(profile, snapshot.stream(), messages);
        boolean restored = again && database.isRestored(head.dump());
        if (!restored) {
            database.prove();
        }
        runHooksBefore(again);
        if (!again) {
            Files.createFile(begun);
        }
        RunSummary summary = bringBack(snapshot, paths, restored ? database::restoredBefore : database::restore);
        Files.delete(begun);
        return ApplicationLogin.prove(profile, summary, messages);
    }

    private RunSummary bringBack(SnapshotFolder snapshot, SavedPaths paths, RunJournal.Work database)
            throws IOException {
        try (TreeFiller filler = new TreeFiller(snapshot)) {
            end = filler::close;
            long removed = new LiveTree(paths, snapshot).clear();
            long copied = filler.fill();
            // the restore watches for signals itself
            end = () -> {};
            RunSummary summary = database.run();
            end = filler::close;
            filler.giveBack(paths);
            messages.info(String.format(
                    "files of %s: %,d that the snapshot does not hold were removed, %,d were copied",
                    profile.name(), removed, copied));
            return summary;
        }
    }

    private ManifestHead head(SnapshotFolder snapshot) throws IOException {
        try (ManifestReader manifest = new ManifestReader(snapshot.manifest())) {
            ManifestHead head = manifest.head();
            boolean same = head.profile().equals(profile.name())
                    && head.engine() == profile.engine()
                    && head.database().equals(profile.database());
            if (!same) {
                throw new Failure(
                        ExitCode.USAGE,
                        snapshot.path() + " is a snapshot of profile " + head.profile() + ", "
                                + head.engine().id() + " " + head.database(),
                        "name that profile, or another snapshot");
            }
            return head;
        }
    }

    /** Of an application that is half brought back, a hook may not run any more; it has run before. */
    private void runHooksBefore(boolean again) throws IOException {
        try {
            end = hooks::end;
            hooks.run(HookPoint.PRE_RESTORE, environment);
        } catch (Failure e) {
            if (!again || e.exitCode() == ExitCode.INTERRUPTED) {
                throw e;
            }
            messages.warning("going on with an undo that was broken off, although " + e.getMessage());
        }
    }

    /** What the hooks have closed stays closed on purpose, which they tell as failures of theirs. */
    private void keepClosed(Failure failure) {
        try {
            end = () -> {};
            runHooksAfter(RestoreOutcome.FAILED);
        } catch (IOException | RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    private void runHooksAfter(RestoreOutcome outcome) throws IOException {
        Map<String, String> told = new HashMap<>(environment);
        told.put(RestoreOutcome.VARIABLE, outcome.word());
        hooks.run(HookPoint.POST_RESTORE, told);
    }
}
