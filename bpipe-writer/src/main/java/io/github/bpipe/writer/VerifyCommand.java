package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.Trailer;
import io.github.bpipe.core.stream.WholeStream;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer verify}: is the stream whole and undamaged? */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Proves that the stream on stdin is whole and undamaged; no database is touched. Exit status 0 means"
                        + " yes.")
final class VerifyCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print the answer as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;

    VerifyCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What {@code --json} prints of a good stream. */
    private record Answer(
            boolean whole, UUID id, String engine, String database, Instant created, long bytes, Trailer trailer) {}

    @Override
    public Integer call() throws IOException {
        WholeStream stream = WholeStream.read(surroundings.in(), (raw, length) -> {});
        var header = stream.header();
        Trailer trailer = stream.trailer();
        var out = command.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(new Answer(
                    true, header.id(), header.engine(), header.database(), header.created(), stream.bytes(), trailer)));
        } else {
            out.printf(
                    "whole: %s database %s of %s, %d objects, %,d rows, %s in %s%n",
                    Printable.text(header.engine()),
                    Printable.text(header.database()),
                    header.created(),
                    trailer.objects(),
                    trailer.rows(),
                    Sizes.text(trailer.raw()),
                    Sizes.text(stream.bytes()));
        }
        return ExitCode.OK.code();
    }
}
