package io.github.bpipe.writer.pick.postgres;

import java.util.ArrayList;
import java.util.List;

/** Parts of a statement of PostgreSQL, told apart by quotes and parentheses. */
final class SqlText {
    private SqlText() {}

    /** What stands between the first opening parenthesis and its closing one, cut at the commas; null without any. */
    static List<String> list(String statement) {
        int begin = -1;
        int depth = 0;
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < statement.length(); i++) {
            char c = statement.charAt(i);
            if (c == '"' || c == '\'') {
                i = endOfQuoted(statement, i);
            } else if (c == '(') {
                depth++;
                begin = depth == 1 ? i + 1 : begin;
            } else if (depth == 1 && (c == ',' || c == ')')) {
                parts.add(statement.substring(begin, i).strip());
                begin = i + 1;
            }
            if (c == ')') {
                depth--;
                if (depth == 0) {
                    break;
                }
            }
        }
        parts.removeIf(String::isEmpty);
        return begin < 0 ? null : parts;
    }

    /** Length of the name, plain or quoted, that a text begins with. */
    static int nameLength(String text) {
        if (text.startsWith("\"")) {
            return endOfQuoted(text, 0) + 1;
        }
        int i = 0;
        while (i < text.length() && !Character.isWhitespace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Index of the closing quote of what is quoted from an index on; a backslash escapes in {@code E'...'} only. */
    private static int endOfQuoted(String text, int from) {
        char quote = text.charAt(from);
        boolean escapes = quote == '\'' && from > 0 && text.charAt(from - 1) == 'E';
        int i = from + 1;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == quote) {
                if (i + 1 == text.length() || text.charAt(i + 1) != quote) {
                    return i;
                }
                i++;
            } else if (c == '\\' && escapes) {
                i++;
            }
            i++;
        }
        return text.length() - 1;
    }
}
