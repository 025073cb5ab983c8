package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.StreamDecoder;
import io.github.bpipe.writer.diff.Differences;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer diff}: what has changed since the backup? */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description =
                "Compares the stream on stdin with the live database: objects that only one of them has, numbers of"
                        + " rows, definitions. The rows themselves are not compared, and nothing is changed. Exit status 0: no"
                        + " difference, 1: there are some.")
final class DiffCommand implements Callable<Integer> {
    @Mixin
    private DatabaseOptions database;

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;

    DiffCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        StreamDecoder decoder = new StreamDecoder(surroundings.in());
        Differences found = Differences.of(decoder, database.place(surroundings.environment(), decoder.header()));
        PrintWriter out = command.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(found));
        } else {
            found.onlyInStream().forEach(name -> print(out, "only in the stream: " + name));
            found.onlyLive().forEach(name -> print(out, "only live: " + name));
            found.rows()
                    .forEach((name, rows) ->
                            print(out, name + ": " + rows.stream() + " rows in the stream, " + rows.live() + " live"));
            found.changed().forEach(name -> print(out, "another definition: " + name));
        }
        return found.isEmpty() ? ExitCode.OK.code() : ExitCode.FINDINGS.code();
    }

    private static void print(PrintWriter out, String line) {
        out.println(Printable.text(line));
    }
}
