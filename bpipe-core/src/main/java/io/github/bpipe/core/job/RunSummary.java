package io.github.bpipe.core.job;

import io.github.bpipe.core.stream.Trailer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What a good run did.
 *
 * @param objects how many tables, views, routines ...
 * @param rows of all tables
 * @param rawBytes before compression
 * @param streamBytes of the stream
 * @param consistentAsOf the moment whose contents the stream holds
 * @param live the database that was replaced by the restored one, or null
 * @param beside true where that is another database than the profile's, which was not touched; never null
 * @param partial true where only some tables of the stream were restored; never null
 * @param former under which name the one before is kept, or null
 * @param unusableMillis for how long the database could not be used, or null
 * @param file that holds the stream, where it went into one and no further, or null
 * @param warnings for the administrator; never null
 */
public record RunSummary(
        long objects,
        long rows,
        long rawBytes,
        long streamBytes,
        Instant consistentAsOf,
        String live,
        Boolean beside,
        Boolean partial,
        String former,
        Long unusableMillis,
        String file,
        List<String> warnings) {
    public RunSummary {
        // records of earlier versions do not say it
        beside = Boolean.TRUE.equals(beside);
        partial = Boolean.TRUE.equals(partial);
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
                false,
                false,
                null,
                null,
                null,
                warnings);
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
                beside,
                partial,
                former,
                unusableMillis,
                streamFile,
                warnings);
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
                beside,
                partial,
                formerName,
                unusable.toMillis(),
                file,
                more);
    }

    /** The same, restored into another database than the profile's. */
    public RunSummary besideLive() {
        return new RunSummary(
                objects,
                rows,
                rawBytes,
                streamBytes,
                consistentAsOf,
                live,
                true,
                partial,
                former,
                unusableMillis,
                file,
                warnings);
    }

    /** The same, of which only some tables were restored. */
    public RunSummary ofSomeTables() {
        return new RunSummary(
                objects,
                rows,
                rawBytes,
                streamBytes,
                consistentAsOf,
                live,
                beside,
                true,
                former,
                unusableMillis,
                file,
                warnings);
    }
}
