package io.github.bpipe.dist;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads comma-separated values in which nothing at all is NULL and {@code ""} an empty text. */
record Csv(List<String> header, List<List<String>> rows) {
    static Csv parse(String text) {
        List<List<String>> records = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        boolean wasQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted) {
                if (c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                    field.append(c);
                    i++;
                } else if (c == '"') {
                    quoted = false;
                } else {
                    field.append(c);
                }
            } else if (c == '"') {
                quoted = true;
                wasQuoted = true;
            } else if (c == ',' || c == '\n') {
                fields.add(field.isEmpty() && !wasQuoted ? null : field.toString());
                field.setLength(0);
                wasQuoted = false;
                if (c == '\n') {
                    records.add(fields);
                    fields = new ArrayList<>();
                }
            } else {
                field.append(c);
            }
        }
        if (quoted || !fields.isEmpty() || !field.isEmpty()) {
            throw new AssertionError("the last line has no end");
        }
        return new Csv(records.get(0), records.subList(1, records.size()));
    }

    /** The rows in an order that depends on nothing but them. */
    List<List<String>> sorted() {
        return rows.stream().sorted(Comparator.comparing(List::toString)).toList();
    }
}
