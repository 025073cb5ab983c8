package io.github.bpipe.writer.drill;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A drill of the same profile, to compare with.
 *
 * @param rows of all tables; null where it failed
 * @param rawBytes before compression; null where it failed
 */
public record EarlierDrill(Instant ended, boolean proven, long millis, Long rows, Long rawBytes) {
    /** As many as a chart shows. */
    private static final int MOST = 19;

    /** The last ones of a profile, the oldest first. */
    public static List<EarlierDrill> of(RunFolder folder) throws Failure {
        List<EarlierDrill> drills = new ArrayList<>(folder.ended(RunKind.DRILL).stream()
                .limit(MOST)
                .map(EarlierDrill::of)
                .toList());
        Collections.reverse(drills);
        return drills;
    }

    private static EarlierDrill of(RunRecord run) {
        boolean proven = run.exitCode() == ExitCode.OK.code();
        return new EarlierDrill(
                run.ended(),
                proven,
                Duration.between(run.begun(), run.ended()).toMillis(),
                proven ? run.summary().rows() : null,
                proven ? run.summary().rawBytes() : null);
    }
}
