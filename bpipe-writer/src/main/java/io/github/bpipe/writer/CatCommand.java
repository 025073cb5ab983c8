package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.WholeStream;
import java.io.IOException;
import java.io.OutputStream;
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
        OutputStream out = Payload.of(surroundings.out());
        WholeStream.read(surroundings.in(), (raw, length) -> out.write(raw, 0, length));
        out.flush();
        return ExitCode.OK.code();
    }
}
