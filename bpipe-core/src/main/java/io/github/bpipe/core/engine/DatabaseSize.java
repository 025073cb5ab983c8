package io.github.bpipe.core.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import java.util.OptionalLong;

/**
 * The room that a database takes on its server's disk, indexes included: {@code bytes} among the properties of every
 * engine. It is what the server says at the time of the dump, and tells a restore whether a copy will fit.
 */
public final class DatabaseSize {
    private static final String KEY = "bytes";

    private DatabaseSize() {}

    /** The properties of a server's database as the header has them, with the size. */
    public static JsonNode record(Object properties, long bytes) {
        return ((ObjectNode) Json.toTree(properties)).put(KEY, bytes);
    }

    /** What a header says; empty where it says nothing. */
    public static OptionalLong of(Header header) {
        JsonNode bytes =
                header.properties() == null ? null : header.properties().get(KEY);
        return bytes != null && bytes.canConvertToLong() ? OptionalLong.of(bytes.longValue()) : OptionalLong.empty();
    }
}
