package io.github.bpipe.core.lease;

import io.github.bpipe.core.application.MaintenanceMode;
import io.github.bpipe.core.application.Occ;
import io.github.bpipe.core.application.Services;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.process.ProgramRunner;
import io.github.bpipe.core.profile.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What closing and opening an application works with.
 *
 * @param profile of the application
 * @param profileFile its full path, by which whoever opens it later finds it
 * @param environment of the process, which says where the state is
 * @param runner of all programs
 * @param limit for each program
 * @param log what was done, for the report
 */
public record Closing(
        Profile profile,
        Path profileFile,
        Map<String, String> environment,
        ProgramRunner runner,
        Duration limit,
        Consumer<String> log) {
    private static final Duration USUAL_TIME = Duration.ofHours(6);

    /** For how long the application may be closed. */
    Duration closedAtMost() {
        Integer seconds = profile.application().closedAtMost();
        return seconds == null ? USUAL_TIME : Duration.ofSeconds(seconds);
    }

    LeaseFile file() throws IOException {
        return LeaseFile.open(environment, profile.name());
    }

    MaintenanceMode mode() {
        return new MaintenanceMode(profile.application(), new Occ(profile.application(), runner, limit));
    }

    Services services() {
        return new Services(runner, limit);
    }

    void log(String line) {
        log.accept(line);
    }

    /** True where a restore has begun to change the application, and nobody has said that it ended well. */
    boolean isHalfRestored(Lease lease) throws IOException {
        if (lease.kind() != RunKind.RESTORE) {
            return false;
        }
        if (lease.before() == null) {
            return lease.kept() != null || databaseBegun(lease);
        }
        MaintenanceMode.State state = mode().state();
        if (!state.on()) {
            // nothing was restored yet, or an administrator has opened it; or what failed has left no configuration
            return lease.kept() != null && !state.there();
        }
        // our mark is gone where the configuration came back from the backup
        boolean filesBegun = lease.before() == Lease.Before.OFF && !lease.id().equals(state.mark());
        return lease.kept() != null || filesBegun || databaseBegun(lease);
    }

    private boolean databaseBegun(Lease lease) throws IOException {
        return lease.job() != null
                && RunFolder.of(environment, profile.name())
                        .newest(RunKind.RESTORE, lease.job())
                        .filter(run -> run.begun() != null)
                        .isPresent();
    }
}
