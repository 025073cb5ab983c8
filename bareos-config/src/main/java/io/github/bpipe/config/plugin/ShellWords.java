package io.github.bpipe.config.plugin;

import io.github.bpipe.core.error.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A command for a POSIX shell: Bacula runs readers and writers through {@code /bin/sh -c}, Bareos never does. */
final class ShellWords {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./=,+@-]+");

    private ShellWords() {}

    /** The command that a shell splits into exactly these words, whatever they hold. */
    static String join(List<String> words) throws Failure {
        List<String> written = new ArrayList<>();
        for (String word : words) {
            DaemonWords.refuseControlCharacters(word);
            // no backslash, which the plugin would strip
            written.add(PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\"'\"'") + "'");
        }
        return String.join(" ", written);
    }
}
