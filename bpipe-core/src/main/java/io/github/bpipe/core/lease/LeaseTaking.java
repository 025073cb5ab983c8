package io.github.bpipe.core.lease;

import io.github.bpipe.core.application.MaintenanceMode;
import io.github.bpipe.core.application.Services;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.lease.Lease.Before;
import java.io.IOException;
import java.time.Instant;

/** Before a job: closes the application for it. */
public final class LeaseTaking {
    private final Closing closing;
    private final RunKind kind;
    private final String job;

    /**
     * Prepares.
     *
     * @param job its number, or null
     */
    public LeaseTaking(Closing closing, RunKind kind, String job) {
        this.closing = closing;
        this.kind = kind;
        this.job = job;
    }

    /** Switches the maintenance mode on, unless it is on. */
    public void maintenanceMode() throws IOException {
        try (LeaseFile file = closing.file()) {
            Lease lease = lease(file);
            MaintenanceMode mode = closing.mode();
            MaintenanceMode.State state = mode.state();
            if (!state.there()) {
                requireRestore();
                file.write(lease.before() != null ? lease : lease.holding(Before.ABSENT, Instant.now()));
                closing.log("there is no application yet whose maintenance mode could be switched on");
            } else if (state.on() && !isOurs(lease, state)) {
                file.write(lease.before() != null ? lease : foundOn(lease, state));
                closing.log("maintenance mode was on, and it stays so");
            } else {
                Lease held = lease.holding(
                        Before.OFF, lease.unchangedSince() == null ? Instant.now() : lease.unchangedSince());
                // a mark of its own first: whoever kills us from here on leaves somebody who knows
                held = Watchdog.watch(held, closing);
                file.write(held);
                if (!isOnByUs(lease, state)) {
                    mode.switchOn(held.id());
                }
                closing.log("maintenance mode is on, until " + held.deadline() + " at the latest");
            }
        }
    }

    /** Stops those of the profile's units that run. */
    public void services() throws IOException {
        try (LeaseFile file = closing.file()) {
            Lease lease = lease(file);
            Services services = closing.services();
            for (String unit : closing.profile().application().services()) {
                if (services.isRunning(unit)) {
                    if (lease.watchdog() == null) {
                        lease = Watchdog.watch(lease, closing);
                    }
                    lease = lease.withService(unit);
                    file.write(lease);
                    services.stop(unit);
                    closing.log("stopped " + unit);
                } else if (!lease.services().contains(unit)) {
                    closing.log(unit + " was not running");
                }
            }
        }
    }

    /** That of this job; what another one has left behind is opened first, or taken over by a restore. */
    private Lease lease(LeaseFile file) throws IOException {
        Lease found = file.read().filter(lease -> !lease.isOver()).orElse(null);
        if (found == null) {
            return begin();
        }
        if (found.kind() == kind && found.isOf(job) && found.kept() == null && found.ended() == null) {
            return found;
        }
        if (closing.isHalfRestored(found)) {
            if (kind == RunKind.BACKUP) {
                throw halfRestored(found);
            }
            closing.log("still closed by the restore" + ofJob(found) + ": taken over");
            return found.takenOver(job, closing.closedAtMost());
        }
        new LeaseOpening(closing, file).open(found);
        file.forget();
        closing.log("opened first what the " + word(found) + ofJob(found) + " had left closed");
        return begin();
    }

    private Lease begin() {
        return Lease.begin(kind, closing.profileFile(), job, closing.closedAtMost());
    }

    private void requireRestore() throws Failure {
        if (kind != RunKind.RESTORE) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    "no file " + closing.profile().application().configFile(),
                    "is the application installed? correct application.configFile in the profile");
        }
    }

    /** A restore replaces whatever a run that nobody here knows has left behind. */
    private boolean isOurs(Lease lease, MaintenanceMode.State state) {
        return lease.before() == Before.OFF
                || (lease.before() == null && kind == RunKind.RESTORE && state.mark() != null);
    }

    /** Then nothing is to be done, which matters where occ cannot run: in an application that is half brought back. */
    private static boolean isOnByUs(Lease lease, MaintenanceMode.State state) {
        return lease.before() == Before.OFF && state.on() && state.mark() != null;
    }

    /** An administrator has switched it on; since then nobody could change anything. */
    private static Lease foundOn(Lease lease, MaintenanceMode.State state) throws Failure {
        if (state.mark() != null) {
            throw new Failure(
                    ExitCode.BUSY,
                    "maintenance mode was switched on by a run of bpipe-toolkit that is not known here (" + state.mark()
                            + ")",
                    "is another profile's job at work? if not, switch it off: occ maintenance:mode --off, and"
                            + " occ config:system:delete bpipe_lease");
        }
        return lease.holding(Before.ON, state.changed());
    }

    private Failure halfRestored(Lease found) {
        return new Failure(
                ExitCode.HOOK,
                "a restore" + ofJob(found) + " has not ended well, and has left the application closed",
                "run the restore again; or look at the application, then open it: bpipe-reader release --profile "
                        + closing.profile().name());
    }

    private static String word(Lease lease) {
        return lease.kind() == RunKind.BACKUP ? "backup" : "restore";
    }

    private static String ofJob(Lease lease) {
        return lease.job() == null ? "" : " of job " + lease.job();
    }
}
