package io.github.bpipe.reader.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.bpipe.core.stream.Header;
import java.util.List;
import java.util.Map;
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
 */
public record SourceFacts(
        String serverVersion,
        String clientVersion,
        JsonNode properties,
        List<Header.Account> accounts,
        Map<String, String> position,
        OptionalLong estimatedBytes,
        List<String> warnings) {}
