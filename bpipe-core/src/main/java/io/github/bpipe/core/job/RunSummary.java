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
 * @param restored what a restore has made of it, or null
 * @param file that holds the stream, where it went into one and no further, or null
 * @param checks how many of the profile's own checks a drill passed, or null
 * @param warnings for the administrator; never null
 */
public record RunSummary(
        long objects,
        long rows,
        long rawBytes,
        long streamBytes,
        Instant consistentAsOf,
        Restored restored,
        String file,
        Integer checks,
        List<String> warnings) {
    /**
     * What was restored.
     *
     * @param database that holds it now
     * @param former under which name the one before is kept, or null
     * @param unusableMillis for how long the database could not be used
     * @param beside true where it is another database than the profile's, which was not touched
     * @param partial true where only some tables of the stream were restored
     */
    public record Restored(String database, String former, long unusableMillis, boolean beside, boolean partial) {}

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
                warnings);
    }

    /** True where the profile's own database was replaced, or some tables of it. */
    public boolean replacedLive() {
        return restored != null && !restored.beside();
    }

    /** True where only some tables of the stream were restored. */
    public boolean inPart() {
        return restored != null && restored.partial();
    }

    /** The same, with the stream in that file. */
    public RunSummary in(String streamFile) {
        return with(restored, streamFile, checks, warnings);
    }

    /** The same, restored: into {@code database}, with the one before kept as {@code former} or not at all. */
    public RunSummary restored(String database, String former, Duration unusable, List<String> more) {
        return with(new Restored(database, former, unusable.toMillis(), false, false), file, checks, more);
    }

    /** The same, restored into another database than the profile's. */
    public RunSummary besideLive() {
        return with(
                new Restored(
                        restored.database(), restored.former(), restored.unusableMillis(), true, restored.partial()),
                file,
                checks,
                warnings);
    }

    /** The same, of which only some tables were restored. */
    public RunSummary ofSomeTables() {
        return with(
                new Restored(
                        restored.database(), restored.former(), restored.unusableMillis(), restored.beside(), true),
                file,
                checks,
                warnings);
    }

    /** The same, restored by a drill: nothing of it is left. */
    public RunSummary drilled(int passedChecks, List<String> more) {
        return with(restored, file, passedChecks, more);
    }

    /** The same, with one more warning. */
    public RunSummary warned(String warning) {
        return with(
                restored,
                file,
                checks,
                Stream.concat(warnings.stream(), Stream.of(warning)).toList());
    }

    private RunSummary with(Restored other, String streamFile, Integer passedChecks, List<String> more) {
        return new RunSummary(
                objects, rows, rawBytes, streamBytes, consistentAsOf, other, streamFile, passedChecks, more);
    }
}
