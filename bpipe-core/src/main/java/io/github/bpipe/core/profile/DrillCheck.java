package io.github.bpipe.core.profile;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * A question to a restored database, and the answer that proves it right.
 *
 * @param name for reports; the question itself where none was given
 * @param sql one statement
 * @param expect its whole answer: rows on lines, columns separated by tabs, {@code NULL} for none
 */
public record DrillCheck(String name, String sql, String expect) {
    public DrillCheck {
        if (sql == null || sql.isBlank() || expect == null) {
            throw new IllegalArgumentException("a check of a drill needs sql: and expect:");
        }
        name = name != null ? name : sql;
    }

    /** As YAML has it, where a number or a truth value needs no quotes. */
    @JsonCreator
    static DrillCheck of(
            @JsonProperty("name") String name,
            @JsonProperty("sql") String sql,
            @JsonProperty("expect") JsonNode expect) {
        return new DrillCheck(name, sql, expect == null || !expect.isValueNode() ? null : expect.asText());
    }
}
