package io.github.bpipe.writer;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A special restore, asked for by a Where below {@code /bpipe/}: in a restore Job of its own it reaches the writer in
 * every version of the file daemon, which changed plugin options do not. None of them touches the live database.
 *
 * @param word which one
 * @param argument what stands behind the word; empty where it takes nothing
 */
record ReservedWhere(Word word, String argument) {
    /** What asks for a drill. */
    static final String DRILL = "/bpipe/drill";

    private static final Path ROOT = Path.of("/bpipe");

    /** What can be asked for. */
    enum Word {
        /** {@code /bpipe/drill}: prove that the stream restores. */
        DRILL(""),
        /** {@code /bpipe/into/NAME}: a database of that name. */
        INTO("/NAME"),
        /** {@code /bpipe/only/TABLE,TABLE}: these tables, in a database named after the job. */
        ONLY("/TABLE[,TABLE...]");

        private final String rest;

        Word(String rest) {
            this.rest = rest;
        }

        private String form() {
            return ROOT + "/" + name().toLowerCase(Locale.ROOT) + rest;
        }
    }

    /** What a folder asks for; empty for an ordinary one. */
    static Optional<ReservedWhere> of(Path folder) throws Failure {
        if (!folder.startsWith(ROOT)) {
            return Optional.empty();
        }
        for (Word word : Word.values()) {
            int names = word.rest.isEmpty() ? 2 : 3;
            Path of = ROOT.resolve(word.name().toLowerCase(Locale.ROOT));
            if (folder.startsWith(of) && folder.getNameCount() == names) {
                return Optional.of(new ReservedWhere(
                        word, word.rest.isEmpty() ? "" : folder.getFileName().toString()));
            }
        }
        throw new Failure(
                ExitCode.USAGE,
                "where is " + folder + ", which asks for no restore that is known",
                "below " + ROOT + " there are "
                        + Arrays.stream(Word.values()).map(Word::form).collect(Collectors.joining(", "))
                        + "; a folder for files must be another one");
    }

    /** The argument of {@link Word#ONLY}. */
    List<String> tables() throws Failure {
        List<String> tables = List.of(argument.split(",", -1));
        if (tables.stream().anyMatch(String::isBlank)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "where is " + Word.ONLY.form().replaceAll("/[^/]*$", "/") + argument + ", with an empty name in it",
                    "write " + Word.ONLY.form());
        }
        return tables;
    }
}
