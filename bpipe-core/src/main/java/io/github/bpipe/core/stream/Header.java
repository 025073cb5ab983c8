package io.github.bpipe.core.stream;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The H frame: what was dumped, from where, by what.
 *
 * @param id names this dump
 * @param kind {@code full}; others are refused by this version
 * @param requires features that a reader of the stream must know; never null
 * @param tool name and version of the writing program
 * @param engine {@code mariadb}, {@code mysql}, {@code postgresql} or {@code sqlite}
 * @param database name of the database, or file name for SQLite
 * @param profile name of the profile, or null
 * @param created when the dump began
 * @param serverVersion as the server says it
 * @param clientVersion as the dumping program says it
 * @param properties of the database as a whole; the shape belongs to the engine, see FORMAT.md
 * @param accounts that the database needs; never null
 * @param job the Bareos job that asked for the dump, or null
 * @param position in the binary log or WAL, only where it belongs to the very snapshot; else null
 */
public record Header(
        UUID id,
        String kind,
        List<String> requires,
        String tool,
        String engine,
        String database,
        String profile,
        Instant created,
        String serverVersion,
        String clientVersion,
        JsonNode properties,
        List<Account> accounts,
        Job job,
        Map<String, String> position) {
    public Header {
        requires = requires != null ? List.copyOf(requires) : List.of();
        accounts = accounts != null ? List.copyOf(accounts) : List.of();
    }

    /** The same with other properties. */
    public Header withProperties(JsonNode other) {
        return with(other, accounts);
    }

    /** The same with other accounts. */
    public Header withAccounts(List<Account> others) {
        return with(properties, others);
    }

    private Header with(JsonNode otherProperties, List<Account> otherAccounts) {
        return new Header(
                id,
                kind,
                requires,
                tool,
                engine,
                database,
                profile,
                created,
                serverVersion,
                clientVersion,
                otherProperties,
                otherAccounts,
                job,
                position);
    }

    /**
     * A user or role that the database needs.
     *
     * @param name as the engine's own statements quote it
     * @param create a statement that creates it and is harmless where it exists; may hold a password hash
     * @param grants statements that give it its privileges, harmless where they are given; never secret
     */
    public record Account(String name, String create, List<String> grants) {
        public Account {
            grants = grants != null ? List.copyOf(grants) : List.of();
        }
    }

    /**
     * The Bareos job that ran the reader, as the daemon's environment names it.
     *
     * @param client name of the file daemon
     * @param id job id
     * @param level {@code F}, {@code D} or {@code I}
     */
    public record Job(String client, String id, String level) {}
}
