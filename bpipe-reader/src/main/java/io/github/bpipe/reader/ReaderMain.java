package io.github.bpipe.reader;

import io.github.bpipe.core.cli.Surroundings;
import picocli.CommandLine.Model.CommandSpec;

/** The executable {@code bpipe-reader}. */
public final class ReaderMain {
    private ReaderMain() {}

    public static void main(String[] args) {
        System.exit(ReaderCommand.run(Surroundings.ofProcess(), args));
    }

    /** What {@code --help} is printed from, for manuals and completions. */
    public static CommandSpec definition() {
        return ReaderCommand.program(Surroundings.ofProcess()).definition();
    }
}
