package io.github.bpipe.core.engine;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * How a database of PostgreSQL says that it is the writer's: a comment on the database, because that changes in the same
 * transaction as its name, and every session can read it without connecting to the database.
 *
 * @param role what the database is for
 * @param of name of the live database that it belongs to
 * @param run names the writer's run that made it so
 * @param since when the database got this role
 * @param dump {@link Header#id} of the stream of that run
 * @param job the Bareos job of that stream, or null
 * @param comment that the database had before, or null; a former database gets it back when it is live again
 */
public record PostgresMarker(Role role, String of, UUID run, Instant since, UUID dump, Header.Job job, String comment) {

    /** What a marked database is for. */
    public enum Role {
        /** Being loaded beside the live one; a leftover when its writer is gone. */
        @JsonProperty("staged")
        STAGED,
        /** Live before the last restore, and kept for a rollback. */
        @JsonProperty("former")
        FORMER,
        /** Live before the last restore, and about to be dropped. */
        @JsonProperty("doomed")
        DOOMED,
        /** Under the live name, but not loaded to its end: a restore in place is under way or was broken off. */
        @JsonProperty("half-restored")
        HALF_RESTORED;

        /** In words, for messages. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final String PREFIX = "bpipe-writer: ";
    private static final int LAST_ASCII = 0x7e;

    /**
     * The same for another role.
     *
     * @param before comment that the database has so far, or null
     */
    public PostgresMarker become(Role other, String before) {
        return new PostgresMarker(other, of, run, since, dump, job, before);
    }

    /** True for the mark of a database of that name that is half restored. */
    public boolean isHalfRestored(String database) {
        return role == Role.HALF_RESTORED && of.equals(database);
    }

    /** The comment that says all this, in ASCII, whatever the encoding of the shared catalogue. */
    public String text() {
        String json = new String(Json.bytes(this), StandardCharsets.UTF_8);
        StringBuilder text = new StringBuilder(PREFIX);
        json.chars().forEach(c -> text.append(c <= LAST_ASCII ? String.valueOf((char) c) : "\\u%04x".formatted(c)));
        return text.toString();
    }

    /** The comment itself, or the one that it had before it was ours; null for none. */
    public static String commentBefore(String comment) {
        Optional<PostgresMarker> marker = parse(comment);
        return marker.isPresent() ? marker.get().comment : comment;
    }

    /**
     * What a comment on a database says.
     *
     * @param comment or null
     * @return empty where the comment is not the writer's
     */
    public static Optional<PostgresMarker> parse(String comment) {
        if (comment == null || !comment.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] json = comment.substring(PREFIX.length()).getBytes(StandardCharsets.UTF_8);
            PostgresMarker marker = Json.parse(json, PostgresMarker.class);
            return Optional.ofNullable(marker.role == null || marker.of == null ? null : marker);
        } catch (IOException e) {
            // somebody else's words after our prefix: not a marker
            return Optional.empty();
        }
    }
}
