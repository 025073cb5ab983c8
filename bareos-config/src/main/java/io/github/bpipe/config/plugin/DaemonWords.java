package io.github.bpipe.config.plugin;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.util.ArrayList;
import java.util.List;

/**
 * The daemon's own splitting of a command into words, without a shell: at spaces only; a quote counts only at the start
 * of a word and reaches to the next one of its kind; there is no escape.
 */
public final class DaemonWords {
    /** More are cut off silently. */
    public static final int MOST_WORDS = 98;

    private static final char SINGLE = '\'';
    private static final char DOUBLE = '"';

    private DaemonWords() {}

    /** The words that the program would get, itself included. */
    public static List<String> split(String command) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < command.length()) {
            char first = command.charAt(at);
            if (first == ' ') {
                at++;
                continue;
            }
            boolean quoted = isQuote(first);
            int begin = quoted ? at + 1 : at;
            int end = command.indexOf(quoted ? first : ' ', begin);
            end = end < 0 ? command.length() : end;
            words.add(command.substring(begin, end));
            at = end + 1;
        }
        return words;
    }

    /** The command that is split into exactly these words; fails where no command is. */
    public static String join(List<String> words) throws Failure {
        if (words.size() > MOST_WORDS) {
            throw inexpressible(
                    "a command of " + words.size() + " words, the daemon takes " + MOST_WORDS, words.get(0));
        }
        List<String> written = new ArrayList<>();
        for (String word : words) {
            written.add(write(word));
        }
        return String.join(" ", written);
    }

    static boolean isQuote(char c) {
        return c == SINGLE || c == DOUBLE;
    }

    static void refuseControlCharacters(String word) throws Failure {
        if (word.chars().anyMatch(Character::isISOControl)) {
            throw inexpressible("a control character", word.replaceAll("\\p{Cntrl}", "?"));
        }
    }

    private static String write(String word) throws Failure {
        refuseControlCharacters(word);
        if (!word.isEmpty() && !isQuote(word.charAt(0)) && word.indexOf(' ') < 0) {
            return word;
        }
        if (word.indexOf(SINGLE) < 0) {
            return SINGLE + word + SINGLE;
        }
        if (word.indexOf(DOUBLE) < 0) {
            return DOUBLE + word + DOUBLE;
        }
        throw inexpressible("both kinds of quotes and a space", word);
    }

    private static Failure inexpressible(String what, String where) {
        return new Failure(
                ExitCode.USAGE,
                "the daemon's command line cannot hold " + what + ": " + where,
                "choose another name, or a profile in another folder");
    }
}
