package io.github.bpipe.reader;

import io.github.bpipe.core.cli.Surroundings;

/** The executable {@code bpipe-reader}. */
public final class ReaderMain {
    private ReaderMain() {}

    public static void main(String[] args) {
        System.exit(ReaderCommand.run(Surroundings.ofProcess(), args));
    }
}
