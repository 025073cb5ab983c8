package io.github.bpipe.writer.only;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Which tables are wanted: names in which {@code *} stands for anything. Where tables stand in schemas, a name with a dot
 * is meant with its schema and one without is meant in every schema.
 */
final class TablePatterns {
    private final Map<String, Pattern> patterns = new LinkedHashMap<>();

    TablePatterns(Collection<String> names) {
        for (String name : names) {
            patterns.put(name, Pattern.compile(Pattern.quote(name).replace("*", "\\E.*\\Q"), Pattern.DOTALL));
        }
    }

    boolean match(String table) {
        return patterns.values().stream()
                .anyMatch(pattern -> pattern.matcher(table).matches());
    }

    /** As {@link #match(String)}, for the parts of a qualified name. */
    boolean match(List<String> parts) {
        return match(String.join(".", parts)) || match(parts.get(parts.size() - 1));
    }

    /**
     * Refuses a name that fits no table.
     *
     * @param tables that were found, as schema and table or as the table alone
     */
    void requireAllFound(Collection<List<String>> tables) throws Failure {
        for (Map.Entry<String, Pattern> each : patterns.entrySet()) {
            TablePatterns one = new TablePatterns(List.of(each.getKey()));
            if (tables.stream().noneMatch(one::match)) {
                throw new Failure(
                        ExitCode.USAGE,
                        "the stream holds no table " + each.getKey(),
                        "bpipe-writer inspect lists the tables");
            }
        }
    }
}
