package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.pick.StreamRows;
import io.github.bpipe.writer.pick.nextcloud.DavKind;
import io.github.bpipe.writer.pick.nextcloud.DavPrinter;
import io.github.bpipe.writer.pick.nextcloud.DavQuery;
import io.github.bpipe.writer.pick.nextcloud.DavStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Which calendar entries or contacts to extract, and where to. */
final class NextcloudOptions {
    @Option(
            names = "--nextcloud",
            paramLabel = "calendar|contacts",
            description =
                    "Print calendar entries as one .ics, or contacts as one .vcf, of Nextcloud or ownCloud. What is"
                            + " in the trash bin is printed only for --uid.")
    private DavKind kind;

    @Option(names = "--user", paramLabel = "U", description = "Only of that user.")
    private String user;

    @Option(
            names = "--name",
            paramLabel = "CALENDAR",
            description = "Only of that calendar or address book: its name, or the one in its address.")
    private String name;

    @Option(names = "--uid", paramLabel = "UID", description = "Only the entry with that UID.")
    private String uid;

    @Option(names = "--text", paramLabel = "WORDS", description = "Only entries that hold all these words.")
    private String text;

    @Option(names = "--list", description = "Print a line for each entry instead: user, calendar, UID, start, title.")
    private boolean list;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "Write a file for each entry, as it was stored, into DIR/USER/CALENDAR/.")
    private Path to;

    @Option(
            names = "--table-prefix",
            paramLabel = "PREFIX",
            description = "What the application's tables begin with; oc_ by default.")
    private String prefix = "oc_";

    boolean chosen() {
        return kind != null;
    }

    /** Refuses options that mean something only for entries. */
    void requireUnused() throws Failure {
        if (user != null || name != null || uid != null || text != null || list || to != null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--user, --name, --uid, --text, --list and --to choose calendar entries or contacts",
                    "add --nextcloud calendar or --nextcloud contacts; for rows of a table there is --where");
        }
    }

    void extract(Surroundings surroundings, Messages messages) throws IOException {
        if (list && to != null) {
            throw new Failure(ExitCode.USAGE, "--list writes no files", "give --list or --to");
        }
        try (DavStore store = new DavStore(kind, prefix, new DavQuery(user, name, uid, text))) {
            StreamRows.read(
                    surroundings.in(), List.of(kind.collections(prefix), kind.entries(prefix)), engine -> store);
            DavPrinter printer = new DavPrinter(kind, store);
            OutputStream out = Payload.of(surroundings.out());
            if (list) {
                printer.list(out);
            } else if (to == null) {
                printer.print(out, uid != null);
            } else {
                printer.write(to, uid != null);
                messages.info(printer.printed() + " files are written below " + to);
            }
            out.flush();
            printer.leftOut().forEach(messages::warning);
            if (printer.printed() == 0) {
                throw new Failure(
                        ExitCode.FINDINGS,
                        "no entry of the stream is what was asked for",
                        "ask for less; --nextcloud with --list alone shows what there is");
            }
        }
    }
}
