package io.github.bpipe.core.lease;

import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An application that was closed for one job. It is written before anything is closed, so that whatever happens to the job,
 * somebody knows what to open again.
 *
 * @param id that stands beside the maintenance mode that we switched on
 * @param kind of the job
 * @param profile its file
 * @param job its number, or null where nobody said one
 * @param boot of the machine; a job does not outlive it
 * @param since when it was closed
 * @param deadline when it is opened at the latest
 * @param before the maintenance mode before us; null where we do not hold it, or no more
 * @param unchangedSince since when nobody could change the application's data
 * @param services that we have stopped, in this order; never null
 * @param watchdog the process that waits for the deadline, or null where systemd does
 * @param kept why it stays closed although its job is over, or null
 * @param ended why it ended before its job did, or null
 */
public record Lease(
        String id,
        RunKind kind,
        Path profile,
        String job,
        String boot,
        Instant since,
        Instant deadline,
        Before before,
        Instant unchangedSince,
        List<String> services,
        RunProcess watchdog,
        String kept,
        String ended) {
    public Lease {
        services = services != null ? List.copyOf(services) : List.of();
    }

    /** The maintenance mode as it was when we came. */
    public enum Before {
        OFF,
        /** Switched on by an administrator. */
        ON,
        /** There was no application yet. */
        ABSENT
    }

    static Lease begin(RunKind kind, Path profile, String job, Duration limit) {
        Instant now = Instant.now();
        return new Lease(
                UUID.randomUUID().toString(),
                kind,
                profile,
                job,
                Boot.id(),
                now,
                now.plus(limit),
                null,
                null,
                null,
                null,
                null,
                null);
    }

    /** The same for another job from now on: what it found closed stays closed. */
    Lease takenOver(String newJob, Duration limit) {
        Lease fresh = begin(RunKind.RESTORE, profile, newJob, limit);
        return new Lease(
                fresh.id,
                fresh.kind,
                profile,
                newJob,
                fresh.boot,
                fresh.since,
                fresh.deadline,
                before,
                unchangedSince,
                services,
                null,
                kept != null ? kept : "a restore before did not end well",
                null);
    }

    Lease holding(Before found, Instant unchanged) {
        return new Lease(
                id, kind, profile, job, boot, since, deadline, found, unchanged, services, watchdog, kept, ended);
    }

    Lease withService(String unit) {
        List<String> more = Stream.concat(services.stream(), Stream.of(unit)).toList();
        return withServices(more);
    }

    Lease withoutService(String unit) {
        return withServices(services.stream().filter(each -> !each.equals(unit)).toList());
    }

    Lease watchedBy(RunProcess process) {
        return new Lease(
                id, kind, profile, job, boot, since, deadline, before, unchangedSince, services, process, kept, ended);
    }

    Lease keptFor(String reason) {
        return new Lease(
                id, kind, profile, job, boot, since, deadline, before, unchangedSince, services, null, reason, null);
    }

    Lease endedFor(String reason) {
        return new Lease(
                id, kind, profile, job, boot, since, deadline, before, unchangedSince, services, null, null, reason);
    }

    private Lease withServices(List<String> units) {
        return new Lease(
                id, kind, profile, job, boot, since, deadline, before, unchangedSince, units, watchdog, kept, ended);
    }

    /** True where it holds nothing any more. */
    boolean isEmpty() {
        return before == null && services.isEmpty();
    }

    /** True where it has ended, and all is open again: only its job is still to hear of it. */
    boolean isOver() {
        return ended != null && isEmpty();
    }

    boolean isOf(String someJob) {
        return Objects.equals(job, someJob);
    }

    /** Why it is over, although nobody gave it back; null where it is not. */
    String overdue() {
        if (ended != null) {
            return ended;
        }
        if (!boot.equals(Boot.id())) {
            return "the machine was started anew";
        }
        return Instant.now().isAfter(deadline) ? "its deadline, " + deadline + ", has passed" : null;
    }
}
