package io.github.bpipe.core.job;

import io.github.bpipe.core.stream.Trailer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a good run did.
 *
 * @param objects how many tables, views, routines ...
 * @param rows of all tables
 * @param rawBytes before compression
 * @param streamBytes of the stream
 * @param consistentAsOf the moment whose contents the stream holds
 * @param live the database that was replaced by the restored one, or null
 * @param former under which name the one before is kept, or null
 * @param unusableMillis for how long the database could not be used, or null
 * @param file that holds the stream, where it went into one and no further, or null
 * @param warnings for the administrator; never null
 * @param checks how many of the profile's own checks a drill passed, or null
 */
public record RunSummary(
        long objects,
        long rows,
        long rawBytes,
        long streamBytes,
        Instant consistentAsOf,
        String live,
        String former,
        Long unusableMillis,
        String file,
        List<String> warnings,
        Integer checks) {
    public RunSummary {
        warnings = warnings != null ? List.copyOf(warnings) : List.of();
    }

    /** Of a stream that no database was made of. */
    public static RunSummary ofStream(
            Trailer trailer, long streamBytes, Instant consistentAsOf, List<String> warnings) {
        return new RunSummary(
                trailer.objects(),
                trailer.rows(),
                trailer.raw(),
                streamBytes,
                consistentAsOf,
                null,
                null,
                null,
                null,
                warnings,
                null);
    }

    /** The same, with the stream in that file. */
    public RunSummary in(String streamFile) {
        return new RunSummary(
                objects,
                rows,
                rawBytes,
                streamBytes,
                consistentAsOf,
                live,
                former,
                unusableMillis,
                streamFile,
                warnings,
                checks);
    }

    /** The same, restored: into {@code live}, with the one before kept as {@code formerName} or not at all. */
    public RunSummary restored(String liveName, String formerName, Duration unusable, List<String> more) {
        return new RunSummary(
                objects,
                rows,
                rawBytes,
                streamBytes,
                consistentAsOf,
                liveName,
                formerName,
                unusable.toMillis(),
                file,
                more,
                checks);
    }

    /** The same, restored by a drill: nothing of it is left. */
    public RunSummary drilled(int passedChecks, List<String> more) {
        return new RunSummary(
                objects,
                rows,
                rawBytes,
                streamBytes,
                consistentAsOf,
                live,
                former,
                unusableMillis,
                file,
                more,
                passedChecks);
    }

    /** The same, with one more warning. */
    public RunSummary warned(String warning) {
        return new RunSummary(
                objects,
                rows,
                rawBytes,
                streamBytes,
                consistentAsOf,
                live,
                former,
                unusableMillis,
                file,
                Stream.concat(warnings.stream(), Stream.of(warning)).toList(),
                checks);
    }
}
