package io.github.bpipe.writer.diff;

import io.github.bpipe.core.stream.ObjectEntry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a database holds, by kind and name.
 *
 * @param rows of each object; null where they are not counted
 * @param definitions of those objects, or parts of objects, that have one, in a form in which equal ones are equal texts
 */
record Contents(Map<String, Long> rows, Map<String, List<String>> definitions) {
    Contents() {
        this(new TreeMap<>(), new HashMap<>());
    }

    void object(ObjectEntry entry) {
        rows.put(entry.kind() + " " + entry.name(), entry.rows());
    }

    /** More than one statement may have the same beginning. */
    void definition(String name, String text) {
        definitions.computeIfAbsent(name, each -> new ArrayList<>()).add(text);
    }

    /** As {@link #definition}, where a later one takes the place of an earlier one. */
    void onlyDefinition(String name, String text) {
        definitions.put(name, List.of(text));
    }
}
