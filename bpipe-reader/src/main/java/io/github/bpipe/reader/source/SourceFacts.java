package io.github.bpipe.reader.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bpipe.core.stream.Header;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a source knows before it dumps; most of it goes into the header.
 *
 * @param serverVersion as the server says it
 * @param clientVersion as the dumping program says it
 * @param properties of the database as a whole, in the engine's own shape
 * @param accounts that the database needs
 * @param position in the binary log or WAL where it belongs to the very snapshot, else null
 * @param estimatedBytes of the dump before compression, where the engine can tell
 * @param warnings for the administrator: one sentence each, lower case, without a full stop
 * @param longestAccepted bytes of the longest statement that the server takes, where it has a limit
 */
public record SourceFacts(
        String serverVersion,
        String clientVersion,
        JsonNode properties,
        List<Header.Account> accounts,
        Map<String, String> position,
        OptionalLong estimatedBytes,
        List<String> warnings,
        OptionalLong longestAccepted) {

    /** Of a server that sets no limit to a statement. */
    public SourceFacts(
            String serverVersion,
            String clientVersion,
            JsonNode properties,
            List<Header.Account> accounts,
            Map<String, String> position,
            OptionalLong estimatedBytes,
            List<String> warnings) {
        this(
                serverVersion,
                clientVersion,
                properties,
                accounts,
                position,
                estimatedBytes,
                warnings,
                OptionalLong.empty());
    }

    /** A warning, where a server set up like this one could not take the dump back. */
    public Optional<String> tooLong(long longestStatement) {
        if (longestAccepted.isEmpty() || longestStatement <= longestAccepted.getAsLong()) {
            return Optional.empty();
        }
        return Optional.of(
                "the longest statement has " + longestStatement + " bytes, more than max_allowed_packet of the"
                        + " server (" + longestAccepted.getAsLong()
                        + "): raise it, here and wherever the dump is to be restored");
    }
}
