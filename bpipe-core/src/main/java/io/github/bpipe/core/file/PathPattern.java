package io.github.bpipe.core.file;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * What a file daemon understands by an excluded path: POSIX extended regular expressions, and patterns in which {@code *}
 * also stands for slashes. Matched byte by byte, since names are bytes.
 */
final class PathPattern {
    private PathPattern() {}

    /**
     * The pattern to be found in names whose bytes are characters of ISO 8859-1.
     *
     * @param excluded as in a profile: a path, a pattern, or an expression that begins with {@code ^}
     * @throws IllegalArgumentException where it is none
     */
    static Pattern of(String excluded) {
        String bytes = new String(excluded.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        String java = excluded.startsWith("^") ? fromExpression(bytes) : fromWild(bytes);
        try {
            return Pattern.compile(java, Pattern.DOTALL);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(e.getDescription() + " in " + excluded, e);
        }
    }

    /** Java differs in what brackets hold and in where a {@code $} matches. */
    private static String fromExpression(String posix) {
        StringBuilder java = new StringBuilder();
        for (int i = 0; i < posix.length(); i++) {
            char c = posix.charAt(i);
            if (c == '\\' && i + 1 < posix.length()) {
                java.append(c).append(posix.charAt(++i));
            } else if (c == '[') {
                i = bracket(posix, i, '^', java);
            } else {
                java.append(c == '$' ? "\\z" : String.valueOf(c));
            }
        }
        return java.toString();
    }

    private static String fromWild(String wild) {
        StringBuilder java = new StringBuilder("\\A");
        for (int i = 0; i < wild.length(); i++) {
            char c = wild.charAt(i);
            switch (c) {
                case '*' -> java.append(".*");
                case '?' -> java.append('.');
                case '[' -> i = bracket(wild, i, '!', java);
                case '\\' -> java.append(Pattern.quote(String.valueOf(i + 1 < wild.length() ? wild.charAt(++i) : c)));
                default -> java.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return java.append("\\z").toString();
    }

    /**
     * Appends a set of characters, and returns where it ends.
     *
     * @param not what stands first in a set of those that do not match
     */
    private static int bracket(String text, int open, char not, StringBuilder java) {
        int i = open + 1;
        StringBuilder set = new StringBuilder("[");
        if (i < text.length() && (text.charAt(i) == not || text.charAt(i) == '^')) {
            set.append('^');
            i++;
        }
        // a bracket that closes is an ordinary character in the first place
        for (int first = i; i < text.length() && (text.charAt(i) != ']' || i == first); i++) {
            char c = text.charAt(i);
            int end = text.startsWith("[:", i) ? text.indexOf(":]", i) : -1;
            if (end > 0) {
                set.append(posixClass(text.substring(i + 2, end)));
                i = end + 1;
            } else {
                set.append(c == '-' ? "-" : Character.isLetterOrDigit(c) ? String.valueOf(c) : "\\" + c);
            }
        }
        if (i == text.length()) {
            throw new IllegalArgumentException("a bracket is not closed in " + text);
        }
        java.append(set).append(']');
        return i;
    }

    private static String posixClass(String name) {
        return switch (name) {
            case "alpha", "digit", "alnum", "upper", "lower", "punct", "graph", "print", "blank", "cntrl", "space" ->
                "\\p{" + Character.toUpperCase(name.charAt(0)) + name.substring(1) + "}";
            case "xdigit" -> "\\p{XDigit}";
            default -> throw new IllegalArgumentException("unknown class of characters [:" + name + ":]");
        };
    }
}
