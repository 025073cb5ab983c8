package io.github.bpipe.core.job;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

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
 * @param hooks what the hooks around the run did and said; never null
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
        RunSummary summary,
        List<String> hooks) {
    public RunRecord {
        hooks = hooks != null ? List.copyOf(hooks) : List.of();
    }

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
                kind, profile, job, RunProcess.ofThis(), Instant.now(), null, null, null, null, null, null, null, null);
    }

    /** The same, run by this process now; the job is kept where {@code said} is null. */
    RunRecord begin(Header.Job said) {
        Header.Job known = said != null ? said : job;
        return new RunRecord(
                kind,
                profile,
                known,
                opener,
                opened,
                RunProcess.ofThis(),
                Instant.now(),
                null,
                null,
                null,
                null,
                null,
                hooks);
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
                done,
                hooks);
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
                null,
                hooks);
    }

    /** The same, with more of what hooks did and said. */
    RunRecord noted(List<String> more) {
        List<String> all = Stream.concat(hooks.stream(), more.stream()).toList();
        return new RunRecord(
                kind, profile, job, opener, opened, process, begun, ended, exitCode, reason, hint, summary, all);
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
