package io.github.bpipe.config.plugin;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.util.List;
import java.util.Set;

/**
 * One database in a FileSet: what a {@code Plugin} directive says to the bpipe plugin.
 *
 * <p>The plugin keeps its options from one line to the next, so all of them stand on every line.
 *
 * @param file name in the catalog, unique within the FileSet; begins with a slash
 * @param reader program and arguments
 * @param writer program and arguments; {@code %w} and {@code %r} in it are replaced by some daemons
 */
public record PluginLine(String file, List<String> reader, List<String> writer) {
    private static final Set<String> SUBSTITUTED = Set.of("--where=%w", "--replace=%r");

    public PluginLine {
        reader = List.copyOf(reader);
        writer = List.copyOf(writer);
    }

    /** For Bareos: every value with its name. */
    public String named() throws Failure {
        return "bpipe:file=" + value(checkedFile()) + ":reader=" + value(DaemonWords.join(checked(reader))) + ":writer="
                + value(DaemonWords.join(checked(writer)));
    }

    /**
     * For Bacula: file, reader and writer by their place, both commands for a shell, which is replaced by the program.
     *
     * <p>When a job is cancelled, the plugin (9.6.7, seen with gdb) reads the reader's stderr to its end before it closes
     * the pipe that the reader is writing into: each waits for the other, for ever. So no program holds that stderr. Of
     * what a writer prints nobody reads anything, and one that filled that pipe would wait for ever, too.
     */
    public String positional() throws Failure {
        return "bpipe:" + value(checkedFile()) + ":" + value(inShell(reader) + " 2>/dev/null") + ":"
                + value(inShell(writer) + " >/dev/null 2>&1");
    }

    private static String inShell(List<String> words) throws Failure {
        return "exec " + ShellWords.join(checked(words));
    }

    private String checkedFile() throws Failure {
        if (!file.startsWith("/")) {
            throw inexpressible("a file name in the catalog must begin with a slash: " + file);
        }
        return file;
    }

    private static List<String> checked(List<String> words) throws Failure {
        if (!words.get(0).startsWith("/")) {
            throw inexpressible("a program needs its full path, the daemon's PATH is not yours: " + words.get(0));
        }
        for (String word : words) {
            if (word.indexOf('%') >= 0 && !SUBSTITUTED.contains(word)) {
                throw inexpressible("a percent sign, which some daemons replace: " + word);
            }
        }
        return words;
    }

    /** The plugin ends a value at a colon, whatever stands before it, and strips one level of backslashes. */
    private static String value(String text) throws Failure {
        if (text.indexOf(':') >= 0) {
            throw inexpressible("a Plugin string cannot hold a colon: " + text);
        }
        return text.replace("\\", "\\\\");
    }

    private static Failure inexpressible(String message) {
        return new Failure(
                ExitCode.USAGE, message, "choose another name, or another folder for the profile or the programs");
    }
}
