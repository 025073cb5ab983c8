package io.github.bpipe.writer;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunRecord;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** What a restore job did with the databases of an application, as their writers recorded it; the worst comes last. */
enum RestoreOutcome {
    /** No database was asked for, or the check has refused it. */
    NOTHING,
    /** A stream was written as a file or restored into another database, and the live one was not touched. */
    ELSEWHERE,
    /** A live database was replaced. */
    RESTORED,
    FAILED;

    /** The outcome of all of them together. */
    static RestoreOutcome of(Collection<Optional<RunRecord>> records) {
        return records.stream()
                .map(RestoreOutcome::of)
                .max(RestoreOutcome::compareTo)
                .orElse(NOTHING);
    }

    private static RestoreOutcome of(Optional<RunRecord> found) {
        RunRecord record = found.orElse(null);
        if (record == null || record.begun() == null) {
            return NOTHING;
        }
        if (record.exitCode() == null || record.exitCode() != ExitCode.OK.code()) {
            return FAILED;
        }
        return record.summary().live() != null && !record.summary().beside() ? RESTORED : ELSEWHERE;
    }

    /** As a hook reads it: {@code restored}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
