package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Surroundings;

/** The executable {@code bpipe-writer}. */
public final class WriterMain {
    private WriterMain() {}

    public static void main(String[] args) {
        System.exit(WriterCommand.run(Surroundings.ofProcess(), args));
    }
}
