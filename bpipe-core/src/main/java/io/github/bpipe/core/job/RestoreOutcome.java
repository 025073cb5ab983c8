package io.github.bpipe.core.job;

import io.github.bpipe.core.error.ExitCode;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a restore job did with the databases of an application, as their writers recorded it; the worst comes last. */
public enum RestoreOutcome {
    /** No database was asked for, or the check has refused it. */
    NOTHING,
    /** A stream was written as a file or restored into another database, and the live one was not touched. */
    ELSEWHERE,
    /** A live database was replaced. */
    RESTORED,
    /** An undo has brought back files and database exactly as they were. */
    UNDONE,
    FAILED;

    /** The variable in which hooks after a restore find it. */
    public static final String VARIABLE = "BPIPE_OUTCOME";

    /** The outcome of all of them together. */
    public static RestoreOutcome of(Collection<Optional<RunRecord>> records) {
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
        return record.summary().replacedLive() ? RESTORED : ELSEWHERE;
    }

    /** What the environment of a hook says; empty where it says none. */
    public static Optional<RestoreOutcome> of(Map<String, String> environment) {
        String said = environment.getOrDefault(VARIABLE, "");
        return Arrays.stream(values())
                .filter(outcome -> outcome.word().equals(said))
                .findFirst();
    }

    /** As a hook reads it: {@code restored}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
