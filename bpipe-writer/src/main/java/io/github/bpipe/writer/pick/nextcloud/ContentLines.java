package io.github.bpipe.writer.pick.nextcloud;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The lines that iCalendar (RFC 5545, 3.1) and vCard (RFC 6350, 3.2) are made of. */
final class ContentLines {
    /** Octets of a line without its line break. */
    private static final int MAX_OCTETS = 75;

    private ContentLines() {}

    /** The lines, those that were folded joined; empty ones left out. */
    static List<String> unfold(String text) {
        List<String> lines = new ArrayList<>();
        for (String line : text.split("\r\n|\n|\r")) {
            boolean goesOn = line.startsWith(" ") || line.startsWith("\t");
            if (goesOn && !lines.isEmpty()) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1) + line.substring(1));
            } else if (!line.isEmpty()) {
                lines.add(line);
            }
        }
        return lines;
    }

    /** A line with its line breaks, folded where it is too long, never within a character. */
    static String fold(String line) {
        StringBuilder folded = new StringBuilder(line.length() + 2);
        int octets = 0;
        for (int i = 0; i < line.length(); ) {
            int character = line.codePointAt(i);
            int length = Character.toString(character).getBytes(StandardCharsets.UTF_8).length;
            if (octets + length > MAX_OCTETS) {
                folded.append("\r\n ");
                octets = 1;
            }
            folded.appendCodePoint(character);
            octets += length;
            i += Character.charCount(character);
        }
        return folded.append("\r\n").toString();
    }

    /** Where the value of a line begins, behind the colon that no quotes enclose; its length where there is none. */
    static int valueAt(String line) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            quoted ^= c == '"';
            if (c == ':' && !quoted) {
                return i + 1;
            }
        }
        return line.length();
    }

    /** The name of a line's property, in upper case, without a group in front. */
    static String name(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != ':' && line.charAt(end) != ';') {
            end++;
        }
        String name = line.substring(0, end);
        return name.substring(name.indexOf('.') + 1).toUpperCase(Locale.ROOT);
    }

    /** The value of the first such property, or null. */
    static String value(List<String> lines, String property) {
        for (String line : lines) {
            if (name(line).equals(property)) {
                return line.substring(valueAt(line));
            }
        }
        return null;
    }

    /** The text in a value whose commas, semicolons, backslashes and line breaks are escaped. */
    static String plain(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length()) {
                i++;
                c = value.charAt(i) == 'n' || value.charAt(i) == 'N' ? ' ' : value.charAt(i);
            }
            plain.append(c);
        }
        return plain.toString();
    }
}
