package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Trailer;
import io.github.bpipe.core.stream.WholeStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer inspect}: what is in the stream? */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        description =
                "Prints what the stream on stdin holds: header, objects with rows and sizes, trailer; the secrets of"
                        + " accounts are not shown. The stream is verified on the way.")
final class InspectCommand implements Callable<Integer> {
    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;

    InspectCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** What {@code --json} prints. */
    private record Contents(Header header, List<ObjectEntry> objects, Trailer trailer) {}

    @Override
    public Integer call() throws IOException {
        WholeStream stream = WholeStream.read(surroundings.in(), (raw, length) -> {});
        PrintWriter out = command.commandLine().getOut();
        Header header = withoutSecrets(stream.header());
        if (json) {
            out.println(Json.pretty(new Contents(header, stream.objects(), stream.trailer())));
        } else {
            printHeader(out, header);
            printObjects(out, stream.objects());
            printTrailer(out, stream);
        }
        out.flush();
        return ExitCode.OK.code();
    }

    private static Header withoutSecrets(Header header) {
        return header.withAccounts(header.accounts().stream()
                .map(account -> new Header.Account(account.name(), null, account.grants()))
                .toList());
    }

    private static void printHeader(PrintWriter out, Header header) {
        line(out, "database", header.database());
        line(out, "engine", header.engine() + ", server " + header.serverVersion());
        line(out, "made", header.created() + " by " + header.tool() + " with " + header.clientVersion());
        line(out, "id", header.id());
        if (header.profile() != null) {
            line(out, "profile", header.profile());
        }
        if (header.job() != null) {
            Header.Job job = header.job();
            line(out, "job", job.id() + " of " + job.client() + ", level " + job.level());
        }
        if (header.properties() != null) {
            header.properties().properties().forEach(property -> line(out, property.getKey(), property.getValue()));
        }
        header.accounts().forEach(account -> line(out, "account", account.name()));
    }

    private static void printObjects(PrintWriter out, List<ObjectEntry> objects) {
        out.printf("%n%-18s %14s %10s  %s%n", "kind", "rows", "size", "name");
        for (ObjectEntry object : objects) {
            out.printf(
                    "%-18s %14s %10s  %s%n",
                    Printable.text(object.kind()),
                    object.rows() == null ? "" : String.format("%,d", object.rows()),
                    object.raw() == null ? "" : Sizes.text(object.raw()),
                    Printable.text(object.name()));
        }
        out.println();
    }

    private static void printTrailer(PrintWriter out, WholeStream stream) {
        Trailer trailer = stream.trailer();
        line(out, "objects", trailer.objects());
        line(out, "rows", String.format("%,d", trailer.rows()));
        line(out, "raw", Sizes.text(trailer.raw()) + " in " + trailer.blocks() + " blocks");
        line(out, "stream", Sizes.text(stream.bytes()));
        if (trailer.longest() > 0) {
            line(out, "longest", Sizes.text(trailer.longest()) + " (the longest statement)");
        }
        line(out, "sha256", trailer.sha256());
        line(out, "finished", trailer.finished());
    }

    private static void line(PrintWriter out, String key, Object value) {
        out.printf("%-18s %s%n", key, Printable.text(String.valueOf(value)));
    }
}
