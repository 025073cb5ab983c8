package io.github.bpipe.core.sql;

import java.nio.charset.StandardCharsets;

/** Reads the client's {@code DELIMITER} command byte by byte; it needs no delimiter itself, and ends with its line. */
final class DelimiterLine {
    /** What one more byte makes of the beginning of a statement. */
    enum Match {
        GOES_ON,
        /** The word is whole and a blank follows it. */
        ENDS,
        /** It is some other word. */
        DIFFERS
    }

    private static final byte[] KEYWORD = "delimiter".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 64;

    private final byte[] argument = new byte[LONGEST];
    private int argumentLength;
    private int matched;

    /** True when a statement that begins with this byte may be the command. */
    boolean begins(byte b) {
        matched = 1;
        argumentLength = 0;
        return SqlBytes.lower(b) == KEYWORD[0];
    }

    /** Takes the next byte of the word. */
    Match word(byte b) {
        if (matched < KEYWORD.length) {
            return SqlBytes.lower(b) == KEYWORD[matched++] ? Match.GOES_ON : Match.DIFFERS;
        }
        return b == ' ' || b == '\t' ? Match.ENDS : Match.DIFFERS;
    }

    /** Takes the next byte behind the word; true when it is the end of the line. */
    boolean ends(byte b) {
        if (b != '\n' && argumentLength < argument.length) {
            argument[argumentLength++] = b;
        }
        return b == '\n';
    }

    /** The delimiter that the line sets, or the former one where it names none. */
    byte[] delimiter(byte[] former) {
        String word = new String(argument, 0, argumentLength, StandardCharsets.ISO_8859_1).strip();
        return word.isEmpty() ? former : word.split("\\s")[0].getBytes(StandardCharsets.ISO_8859_1);
    }
}
