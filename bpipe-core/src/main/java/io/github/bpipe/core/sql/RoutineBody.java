package io.github.bpipe.core.sql;

import java.util.Arrays;

/**
 * Knows whether the words of a statement stand inside the {@code BEGIN ATOMIC ... END} of a {@code CREATE [OR REPLACE]
 * FUNCTION} or {@code PROCEDURE}, whose semicolons end no statement. The heuristic is psql's own (14 and later).
 */
final class RoutineBody {
    /** Length of {@code procedure}, the longest word that matters. */
    static final int LONGEST_WORD = 9;

    private static final int HEAD_WORDS = 4;

    private final char[] head = new char[HEAD_WORDS];
    private int words;
    private int depth;

    void reset() {
        Arrays.fill(head, ' ');
        words = 0;
        depth = 0;
    }

    boolean isOpen() {
        return depth > 0;
    }

    /**
     * Takes the next word that is not quoted.
     *
     * @param lowerCase in lower case
     * @param parentheses that are open around it
     */
    void word(CharSequence lowerCase, int parentheses) {
        String word = lowerCase.toString();
        if (words < HEAD_WORDS) {
            head[words] = switch (word) {
                case "create", "or", "replace", "function", "procedure" -> word.charAt(0);
                default -> ' ';
            };
        }
        words++;
        if (parentheses > 0 || !isRoutine()) {
            return;
        }
        switch (word) {
            case "begin" -> depth++;
            case "case" -> depth += depth > 0 ? 1 : 0;
            case "end" -> depth -= depth > 0 ? 1 : 0;
            default -> {
                // any other word opens and closes nothing
            }
        }
    }

    private boolean isRoutine() {
        String begins = new String(head);
        return begins.startsWith("cf") || begins.startsWith("cp") || begins.equals("corf") || begins.equals("corp");
    }
}
