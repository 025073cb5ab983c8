package io.github.bpipe.core.lease;

import io.github.bpipe.core.application.MaintenanceMode;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.lease.Lease.Before;
import java.io.IOException;
import java.util.Optional;

/** After a job: opens the application again, or says why it stays closed. */
public final class LeaseReturn {
    private final Closing closing;
    private final RunKind kind;
    private final String job;

    /**
     * Prepares.
     *
     * @param job its number, or null
     */
    public LeaseReturn(Closing closing, RunKind kind, String job) {
        this.closing = closing;
        this.kind = kind;
        this.job = job;
    }

    /** Starts the units that were stopped for this job. */
    public void services() throws IOException {
        try (LeaseFile file = closing.file()) {
            Optional<Lease> held = held(file);
            if (held.isPresent()) {
                Lease unused = new LeaseOpening(closing, file).services(held.get());
            } else {
                closing.log("no unit was stopped for this job");
            }
        }
    }

    /**
     * Switches the maintenance mode off where we switched it on, after a job that did not replace the application.
     *
     * @throws Failure where the mode did not last until now
     */
    public void maintenanceMode() throws IOException {
        try (LeaseFile file = closing.file()) {
            Lease lease = held(file).filter(found -> found.before() != null).orElse(null);
            if (lease == null) {
                closing.log("maintenance mode was not switched on for this job");
                return;
            }
            boolean lasted =
                    lease.before() == Before.ABSENT || closing.mode().state().on();
            Lease unused = new LeaseOpening(closing, file).mode(lease);
            if (!lasted) {
                throw tooShort("somebody has switched it off");
            }
            if (lease.before() == Before.ON) {
                closing.log("maintenance mode stays on, as an administrator had switched it on");
            }
        }
    }

    /**
     * After a restore that replaced the application or parts of it: our own mode is taken off, also the one that came
     * back from the backup; an administrator's stays, that of before the restore and that of the backup.
     */
    public void maintenanceModeAsItWas() throws IOException {
        try (LeaseFile file = closing.file()) {
            Lease lease = held(file).orElse(null);
            MaintenanceMode mode = closing.mode();
            MaintenanceMode.State state = mode.state();
            boolean wasOn = lease != null && lease.before() == Before.ON;
            if (wasOn || state.isAdministrators()) {
                if (!state.on()) {
                    mode.switchOnAsBefore();
                }
                mode.removeMark();
                closing.log("maintenance mode stays on: an administrator had switched it on before the "
                        + (wasOn ? "restore" : "backup"));
            } else if (state.on()) {
                mode.switchOff();
                closing.log("maintenance mode is off");
            } else if (state.there()) {
                mode.removeMark();
                closing.log("maintenance mode is off already");
            }
            if (lease != null) {
                Lease unused = new LeaseOpening(closing, file).put(lease.holding(null, lease.unchangedSince()));
            }
        }
    }

    /**
     * Leaves everything closed on purpose, without a deadline, until a restore ends well or somebody says otherwise.
     *
     * @return false where nothing was closed for this job
     */
    public boolean keep(String reason) throws IOException {
        try (LeaseFile file = closing.file()) {
            Lease lease = held(file).orElse(null);
            if (lease == null) {
                return false;
            }
            Watchdog.dismiss(lease);
            file.write(lease.keptFor(reason));
            MaintenanceMode mode = lease.before() == null ? null : closing.mode();
            if (mode != null && mode.state().there() && !mode.state().on()) {
                mode.switchOn(lease.id());
            }
            return true;
        }
    }

    /** Opens what was closed for a job that will not run; what was half restored before stays closed. */
    public void undo() throws IOException {
        try (LeaseFile file = closing.file()) {
            Optional<Lease> found = file.read()
                    .filter(lease -> lease.isOf(job) && lease.kind() == kind)
                    .filter(lease -> lease.kept() == null && lease.ended() == null);
            if (found.isPresent()) {
                Lease unused = new LeaseOpening(closing, file).open(found.get());
            }
        }
    }

    /** What this job still holds; empty where it never took anything. */
    private Optional<Lease> held(LeaseFile file) throws IOException {
        Optional<Lease> found = file.read();
        if (found.isEmpty()) {
            return found;
        }
        Lease lease = found.get();
        if (!lease.isOf(job) || lease.kind() != kind) {
            throw tooShort("job " + lease.job() + " has taken the application over");
        }
        if (lease.ended() != null) {
            // whoever ended it may have been killed on the way
            Lease unused = new LeaseOpening(closing, file).open(lease);
            file.forget();
            throw tooShort(lease.ended());
        }
        return found;
    }

    private Failure tooShort(String why) {
        return new Failure(
                ExitCode.HOOK,
                "the application was not closed until the end of the job: " + why,
                kind == RunKind.BACKUP
                        ? "files and database may be of different moments: run the backup again, with a longer"
                                + " application.closedAtMost in the profile where it needs more time"
                        : "run the restore again");
    }
}
