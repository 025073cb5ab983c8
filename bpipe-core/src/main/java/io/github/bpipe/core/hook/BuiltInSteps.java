package io.github.bpipe.core.hook;

import io.github.bpipe.core.application.MaintenanceMode;
import io.github.bpipe.core.application.Occ;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RestoreOutcome;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.lease.Closing;
import io.github.bpipe.core.lease.LeaseReturn;
import io.github.bpipe.core.lease.LeaseTaking;
import io.github.bpipe.core.process.ProgramRunner;
import io.github.bpipe.core.profile.HookStep;
import io.github.bpipe.core.profile.Profile;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** The steps that a profile names by a word. What a step does follows from when it runs, and from how the job ended. */
final class BuiltInSteps {
    private static final Duration TO_OPEN = Duration.ofMinutes(2);

    private final HookJob job;
    private final ProgramRunner runner;
    private final Consumer<String> log;
    private final Optional<RestoreOutcome> outcome;

    BuiltInSteps(HookJob job, ProgramRunner runner, Consumer<String> log) {
        this.job = job;
        this.runner = runner;
        this.log = log;
        this.outcome = RestoreOutcome.of(job.environment());
    }

    /**
     * Runs a step.
     *
     * @param limit for each program that it runs
     * @param failedBefore true where a hook of this point has failed
     */
    void run(HookStep step, Duration limit, boolean failedBefore) throws IOException {
        boolean failed = failedBefore || outcome.equals(Optional.of(RestoreOutcome.FAILED));
        switch (step) {
            case MAINTENANCE_MODE, STOP_SERVICES, START_SERVICES -> closeOrOpen(step, limit, failed);
            case EXTRANEOUS_FILES, PERMISSIONS, DATA_FINGERPRINT, FILES_SCAN -> afterRestore(step, limit, failed);
        }
    }

    /** After a failure before a job, which will not run. */
    void undo() throws IOException {
        if (job.profile().application() != null) {
            giveBack(TO_OPEN).undo();
        }
    }

    private void closeOrOpen(HookStep step, Duration limit, boolean failed) throws IOException {
        LeaseTaking taking = new LeaseTaking(closing(limit), kind(), job.job());
        if (step == HookStep.STOP_SERVICES) {
            taking.services();
        } else if (job.point().isBefore()) {
            taking.maintenanceMode();
        } else if (kind() == RunKind.RESTORE && failed) {
            keep(step, limit);
        } else if (step == HookStep.START_SERVICES) {
            giveBack(limit).services();
        } else if (kind() == RunKind.BACKUP || isElsewhere()) {
            giveBack(limit).maintenanceMode();
        } else {
            giveBack(limit).maintenanceModeAsItWas();
        }
    }

    /** A half-restored application must not be used: its users' clients would take it for the truth. */
    private void keep(HookStep step, Duration limit) throws IOException {
        if (!giveBack(limit).keep("the restore" + (job.job() == null ? "" : " of job " + job.job()) + " failed")) {
            log.accept(step.id() + " left out: nothing was closed for this job");
            return;
        }
        throw new Failure(
                ExitCode.HOOK,
                step == HookStep.START_SERVICES
                        ? "the restore failed; services stay stopped on purpose"
                        : "the restore failed; maintenance mode stays on on purpose",
                "see the reason above, and run the restore again; or look at the application, then open it:"
                        + " bpipe-reader release --profile " + job.profile().name());
    }

    private void afterRestore(HookStep step, Duration limit, boolean failed) throws IOException {
        if (failed || isElsewhere()) {
            log.accept(step.id() + " left out: "
                    + (failed ? "the restore failed" : "the live application was not restored"));
            return;
        }
        if (outcome.equals(Optional.of(RestoreOutcome.UNDONE)) && step != HookStep.DATA_FINGERPRINT) {
            log.accept(step.id() + " left out: the undo has brought everything back exactly as it was");
            return;
        }
        Profile.Application application = job.profile().application();
        Occ occ = application == null ? null : new Occ(application, runner, limit);
        switch (step) {
            case EXTRANEOUS_FILES -> new ExtraneousStep(job, log).run();
            case PERMISSIONS -> new PermissionsStep(job.profile(), log).run();
            case DATA_FINGERPRINT -> new FingerprintStep(job, occ, log).run();
            default -> scan(occ, new MaintenanceMode(application, occ));
        }
    }

    /** What came back without the database that knows of it. */
    private void scan(Occ occ, MaintenanceMode mode) throws IOException {
        if (outcome.isPresent() && outcome.get() != RestoreOutcome.NOTHING) {
            log.accept("files-scan left out: the database came back with the files");
            return;
        }
        if (mode.state().on()) {
            throw new Failure(
                    ExitCode.HOOK,
                    "maintenance mode is on, in which the application cannot scan its files",
                    "name files-scan behind maintenance-mode; where an administrator has switched it on, run occ"
                            + " files:scan --all when it is off");
        }
        String unused = occ.run("files:scan", "--all");
        log.accept("occ files:scan --all: the application knows the files that came back");
    }

    private boolean isElsewhere() {
        return outcome.equals(Optional.of(RestoreOutcome.ELSEWHERE));
    }

    private RunKind kind() {
        return job.point().kind();
    }

    private LeaseReturn giveBack(Duration limit) {
        return new LeaseReturn(closing(limit), kind(), job.job());
    }

    private Closing closing(Duration limit) {
        return new Closing(job.profile(), job.profileFile(), job.environment(), runner, limit, log);
    }
}
