package io.github.bpipe.writer.drill;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.bpipe.core.stream.ObjectEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * What a drill has found: the JSON form of its report. What it did not come to is null or empty.
 *
 * @param verdict {@code proven} or {@code failed}
 * @param exitCode of the program
 * @param reason why it failed
 * @param hint the next step
 * @param profile its name, or null
 * @param stream id of the dump
 * @param engine of the dump
 * @param database that was dumped
 * @param serverVersion of the server that was dumped
 * @param consistentAsOf the moment whose contents the dump holds
 * @param place where it was restored to, for people
 * @param started when the drill began
 * @param ended when it ended
 * @param parts of its time, in their order
 * @param objects how many were compared
 * @param rows of all tables, which were counted
 * @param rawBytes before compression
 * @param streamBytes of the dump
 * @param contents every object that was compared, with its rows and bytes
 * @param checks of the profile
 * @param warnings for the administrator
 * @param earlier drills of the same profile, the oldest first
 */
public record DrillReport(
        String verdict,
        int exitCode,
        String reason,
        String hint,
        String profile,
        UUID stream,
        String engine,
        String database,
        String serverVersion,
        Instant consistentAsOf,
        String place,
        Instant started,
        Instant ended,
        List<DrillPart> parts,
        Long objects,
        Long rows,
        Long rawBytes,
        Long streamBytes,
        List<ObjectEntry> contents,
        List<DrillAnswer> checks,
        List<String> warnings,
        List<EarlierDrill> earlier) {
    static final String PROVEN = "proven";
    static final String FAILED = "failed";

    /** True where the backup restores. */
    boolean proven() {
        return verdict.equals(PROVEN);
    }

    /** What the drill was about: the database, or the profile where not even that is known. */
    String subject() {
        return database != null ? database : profile != null ? profile : "the stream";
    }

    @JsonProperty("seconds")
    double seconds() {
        return Duration.between(started, ended).toMillis() / 1e3;
    }
}
