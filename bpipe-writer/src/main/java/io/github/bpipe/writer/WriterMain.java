package io.github.bpipe.writer;

import io.github.bpipe.core.cli.ProcessExit;
import io.github.bpipe.core.cli.Surroundings;
import picocli.CommandLine.Model.CommandSpec;

/** The executable {@code bpipe-writer}. */
public final class WriterMain {
    private WriterMain() {}

    public static void main(String[] args) {
        ProcessExit.with(WriterCommand.run(Surroundings.ofProcess(), args));
    }

    /** What {@code --help} is printed from, for manuals and completions. */
    public static CommandSpec definition() {
        return WriterCommand.program(Surroundings.ofProcess()).definition();
    }
}
