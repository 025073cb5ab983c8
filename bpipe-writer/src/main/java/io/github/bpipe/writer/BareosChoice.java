package io.github.bpipe.writer;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What the administrator chose when the restore was started in Bareos: where to, and what to replace.
 *
 * <p>Daemons up to 25 substitute {@code %w} and {@code %r} in the writer's command line, newer ones set
 * {@code BareosWhere} and {@code BareosReplace} and leave {@code %w} and {@code %r} as they are. So an option that is
 * missing or literally {@code %w} means the environment.
 *
 * @param folder to write the stream into as a file, when the live database must not be touched
 * @param reserved what a Where below {@code /bpipe/} asks for; there is no folder then
 * @param replaceExisting false when an existing database must be left alone
 * @param undecidable the choice that makes no sense for a database and counts as "never": {@code w} or {@code o}
 */
record BareosChoice(
        Optional<Path> folder,
        Optional<ReservedWhere> reserved,
        boolean replaceExisting,
        Optional<String> undecidable) {
    private static final String WHERE = "BareosWhere";

    /** True where a drill is asked for, and nothing is to be restored. */
    static boolean isDrill(String where, Map<String, String> environment) {
        String folder = value(where, "%w", environment.get(WHERE));
        return !folder.isEmpty() && Path.of(folder).normalize().equals(Path.of(ReservedWhere.DRILL));
    }

    /**
     * Reads the choice.
     *
     * @param where value of {@code --where}, or null
     * @param replace value of {@code --replace}, or null
     */
    static BareosChoice of(String where, String replace, Map<String, String> environment) throws Failure {
        String folder = value(where, "%w", environment.get(WHERE));
        String choice = value(replace, "%r", environment.get("BareosReplace"));
        boolean live = folder.isEmpty() || folder.equals("/");
        Optional<Path> path = live ? Optional.empty() : Optional.of(absolute(folder));
        Optional<ReservedWhere> reserved = live ? Optional.empty() : ReservedWhere.of(path.get());
        return new BareosChoice(
                reserved.isPresent() ? Optional.empty() : path,
                reserved,
                choice.isEmpty() || known(choice).equals("a"),
                choice.equals("w") || choice.equals("o") ? Optional.of(choice) : Optional.empty());
    }

    private static String value(String option, String literal, String variable) {
        String value = option == null || option.equals(literal) ? variable : option;
        return value == null ? "" : value.strip();
    }

    private static Path absolute(String folder) throws Failure {
        Path path = Path.of(folder);
        if (!path.isAbsolute()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "where is " + folder + ", which is no absolute path",
                    "give a path that begins with /");
        }
        return path.normalize();
    }

    /** By the letters of a file daemon, or the words of bconsole. */
    private static String known(String choice) throws Failure {
        return switch (choice) {
            case "a", "always" -> "a";
            case "n", "never" -> "n";
            case "w", "ifnewer" -> "w";
            case "o", "ifolder" -> "o";
            default ->
                throw new Failure(
                        ExitCode.USAGE,
                        "replace is " + choice + ", known are a, n, w, o",
                        "give one of them with --replace");
        };
    }
}
