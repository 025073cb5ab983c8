package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code bpipe-writer cat}: the script or file inside. */
@Command(
        name = "cat",
        mixinStandardHelpOptions = true,
        description = "Prints the native script or file inside the stream on stdin, verified while it flows: only exit"
                + " status 0 means that all of it came.")
final class CatCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    CatCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        WholeStream.read(surroundings.in(), (raw, length) -> {
            try {
                surroundings.out().write(raw, 0, length);
            } catch (IOException e) {
                throw new Failure(
                        ExitCode.OUTPUT,
                        "writing to stdout failed: " + e.getMessage(),
                        "look for a full disk, or for a receiver that ended early",
                        e);
            }
        });
        return ExitCode.OK.code();
    }
}
