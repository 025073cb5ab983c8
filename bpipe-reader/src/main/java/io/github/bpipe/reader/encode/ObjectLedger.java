package io.github.bpipe.reader.encode;

import io.github.bpipe.core.stream.ObjectEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a dump holds, counted while it flows, by several threads: becomes the O frames. */
public final class ObjectLedger {
    private static final class Count {
        private final String kind;
        private final String name;
        private Long rows;
        private Long raw;

        Count(String kind, String name) {
            this.kind = kind;
            this.name = name;
        }
    }

    /** By kind and name, as one text: the first record that is hashed costs a start 27 ms. */
    private final Map<String, Count> objects = new LinkedHashMap<>();

    /** Lists an object of which nothing is counted. */
    public synchronized void list(String name, String kind) {
        countOf(name, kind);
    }

    /** Lists a table whose rows are known, and whose part of the stream cannot be told apart. */
    public synchronized void list(String name, String kind, long rows) {
        countOf(name, kind).rows = rows;
    }

    /** Lists an object where needed, and adds to its rows and its raw bytes. */
    public synchronized void count(String name, String kind, long rows, long raw) {
        Count count = countOf(name, kind);
        count.rows = rows + (count.rows == null ? 0 : count.rows);
        count.raw = raw + (count.raw == null ? 0 : count.raw);
    }

    /** In the order in which they were first named. */
    public synchronized List<ObjectEntry> entries() {
        List<ObjectEntry> entries = new ArrayList<>(objects.size());
        objects.values().forEach(count -> entries.add(new ObjectEntry(count.name, count.kind, count.rows, count.raw)));
        return entries;
    }

    private Count countOf(String name, String kind) {
        return objects.computeIfAbsent(kind + '\0' + name, key -> new Count(kind, name));
    }
}
