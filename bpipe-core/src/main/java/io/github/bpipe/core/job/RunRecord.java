package io.github.bpipe.core.job;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import java.time.Instant;

/**
 * One run for one job, from the check before it to its end. What has not happened yet is null.
 *
 * @param kind backup or restore
 * @param profile its name
 * @param job of the file daemon, or null where nobody said one
 * @param opener the process that opened the record
 * @param opened when
 * @param process that dumps or restores
 * @param begun when that process began
 * @param ended when the check failed, or the run ended
 * @param exitCode 0 for a good end
 * @param reason of a bad end
 * @param hint what to do about it
 * @param summary of a good end
 */
public record RunRecord(
        RunKind kind,
        String profile,
        Header.Job job,
        RunProcess opener,
        Instant opened,
        RunProcess process,
        Instant begun,
        Instant ended,
        Integer exitCode,
        String reason,
        String hint,
        RunSummary summary) {

    /** How far a run is. */
    enum State {
        /** Checked, and not begun. */
        OPEN,
        RUNNING,
        /** Begun, and its process is gone without having said how it ended. */
        LOST,
        GOOD,
        FAILED
    }

    static RunRecord open(RunKind kind, String profile, Header.Job job) {
        return new RunRecord(
                kind, profile, job, RunProcess.ofThis(), Instant.now(), null, null, null, null, null, null, null);
    }

    /** The same, run by this process now; the job is kept where {@code said} is null. */
    RunRecord begin(Header.Job said) {
        Header.Job known = said != null ? said : job;
        return new RunRecord(
                kind, profile, known, opener, opened, RunProcess.ofThis(), Instant.now(), null, null, null, null, null);
    }

    RunRecord good(RunSummary done) {
        return new RunRecord(
                kind,
                profile,
                job,
                opener,
                opened,
                process,
                begun,
                Instant.now(),
                ExitCode.OK.code(),
                null,
                null,
                done);
    }

    RunRecord failed(Failure failure) {
        return new RunRecord(
                kind,
                profile,
                job,
                opener,
                opened,
                process,
                begun,
                Instant.now(),
                failure.exitCode().code(),
                failure.getMessage(),
                failure.hint(),
                null);
    }

    State state() {
        if (ended != null) {
            return exitCode == ExitCode.OK.code() ? State.GOOD : State.FAILED;
        }
        if (begun == null) {
            return State.OPEN;
        }
        return process.isAlive() ? State.RUNNING : State.LOST;
    }

    boolean isOfJob(String id) {
        return job != null && id.equals(job.id());
    }
}
