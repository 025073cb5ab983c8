package io.github.bpipe.core.hook;

import io.github.bpipe.core.application.Occ;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunRecord;
import io.github.bpipe.core.lease.Lease;
import io.github.bpipe.core.lease.LeaseFile;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * {@code data-fingerprint}: where the backup is older than what was live, clients that have seen the newer state must not
 * take the missing files for deleted ones. Where nobody could change anything since before the backup they have not.
 */
final class FingerprintStep {
    private final HookJob job;
    private final Occ occ;
    private final Consumer<String> log;

    FingerprintStep(HookJob job, Occ occ, Consumer<String> log) {
        this.job = job;
        this.occ = occ;
        this.log = log;
    }

    void run() throws IOException {
        Optional<Instant> backup = RunFolder.of(job.environment(), job.profile().name())
                .newest(RunKind.RESTORE, job.job())
                .map(RunRecord::summary)
                .map(summary -> summary.consistentAsOf());
        Optional<Instant> unchanged = unchangedSince();
        if (backup.isPresent() && unchanged.isPresent() && unchanged.get().isBefore(backup.get())) {
            log.accept("data-fingerprint left out: nobody could change anything since the backup");
            return;
        }
        String unused = occ.run("maintenance:data-fingerprint");
        log.accept("occ maintenance:data-fingerprint: clients will ask before they delete anything");
    }

    private Optional<Instant> unchangedSince() throws IOException {
        try (LeaseFile file = LeaseFile.open(job.environment(), job.profile().name())) {
            return file.read().map(Lease::unchangedSince);
        }
    }
}
