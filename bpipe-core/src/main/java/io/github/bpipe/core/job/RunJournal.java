package io.github.bpipe.core.job;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Records what becomes of a job: {@link #check} opens the record, {@link #run} completes it.
 *
 * <p>A daemon before 25 does not tell a program its job. Then the run belongs to the newest check that has not been
 * followed by a run yet and that the same daemon ran, which the session tells.
 */
public final class RunJournal {
    /** The work that is recorded. */
    public interface Work {
        RunSummary run() throws IOException;
    }

    /** A check, which may fail. */
    public interface Check {
        void run() throws IOException;
    }

    private final RunFolder folder;
    private final RunKind kind;
    private final String profile;

    /** The runs of one kind of a profile, by its name. */
    public RunJournal(Map<String, String> environment, RunKind kind, String profile) {
        this.folder = RunFolder.of(environment, profile);
        this.kind = kind;
        this.profile = profile;
    }

    /**
     * Opens a record, then checks; one that fails is the end of that record.
     *
     * @param job id, or null
     */
    public void check(String job, Check check) throws IOException {
        Header.Job known = job == null ? null : new Header.Job(null, job, null);
        RunFolder.Stored stored = folder.add(RunRecord.open(kind, profile, known));
        try {
            check.run();
        } catch (IOException | RuntimeException e) {
            folder.replace(stored, stored.run().failed(Failure.of(e)));
            throw e;
        }
    }

    /**
     * Does the work and records how it ends. A record that cannot be written is only a warning: a good dump is worth
     * more than the record of it, and the report fails without one.
     *
     * @param said what the daemon says of the job, or null
     */
    public void run(Header.Job said, Consumer<String> warnings, Work work) throws IOException {
        RunFolder.Stored begun = begin(said, warnings);
        RunSummary summary;
        try {
            summary = work.run();
        } catch (IOException | RuntimeException e) {
            end(begun, begun == null ? null : begun.run().failed(Failure.of(e)), warnings);
            throw e;
        }
        end(begun, begun == null ? null : begun.run().good(summary), warnings);
    }

    /**
     * Adds to the newest record, or to that of a job where one is named, what hooks did and said; without a record there
     * is nothing to add to.
     */
    public void note(String job, List<String> lines, Consumer<String> warnings) {
        try {
            for (RunFolder.Stored stored : lines.isEmpty() ? List.<RunFolder.Stored>of() : folder.newestFirst(kind)) {
                if (job == null || stored.run().isOfJob(job)) {
                    folder.replace(stored, stored.run().noted(lines));
                    return;
                }
            }
        } catch (Failure e) {
            warnings.accept("what the hooks said is not recorded: " + e.getMessage());
        }
    }

    private RunFolder.Stored begin(Header.Job said, Consumer<String> warnings) {
        try {
            for (RunFolder.Stored stored : folder.newestFirst(kind)) {
                if (isCheckOf(stored.run(), said)) {
                    return folder.replace(stored, stored.run().begin(said));
                }
            }
            return folder.add(RunRecord.open(kind, profile, said).begin(said));
        } catch (Failure e) {
            warnings.accept("this run is not recorded: " + e.getMessage());
            return null;
        }
    }

    private static boolean isCheckOf(RunRecord record, Header.Job said) {
        if (record.state() != RunRecord.State.OPEN) {
            return false;
        }
        return said != null
                ? record.isOfJob(said.id())
                : record.opener().session() == RunProcess.ofThis().session();
    }

    private void end(RunFolder.Stored begun, RunRecord ended, Consumer<String> warnings) {
        if (begun == null) {
            return;
        }
        try {
            folder.replace(begun, ended);
        } catch (Failure e) {
            warnings.accept("the end of this run is not recorded: " + e.getMessage());
        }
    }
}
