package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.pick.StreamRows;
import io.github.bpipe.writer.pick.nextcloud.DavKind;
import io.github.bpipe.writer.pick.nextcloud.DavPrinter;
import io.github.bpipe.writer.pick.nextcloud.DavQuery;
import io.github.bpipe.writer.pick.nextcloud.DavStore;
import io.github.bpipe.writer.putback.PutBack;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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
            description = "What the application's tables begin with; without it what the profile says, or oc_.")
    private String prefix;

    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            description = "The profile of the application's database.")
    private String profileName;

    @Option(
            names = "--put-back",
            description =
                    "Put the entries into the live database of the profile, where clients see them with their next"
                            + " synchronisation: all of them, or none.")
    private boolean putBack;

    @Option(names = "--replace", description = "With --put-back: also in the place of entries that are there.")
    private boolean replace;

    boolean chosen() {
        return kind != null;
    }

    /** Refuses options that mean something only for entries. */
    void requireUnused() throws Failure {
        if (user != null || name != null || uid != null || text != null || list || to != null || putBack || replace) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--user, --name, --uid, --text, --list, --to and --put-back are for calendar entries or contacts",
                    "add --nextcloud calendar or --nextcloud contacts; for rows of a table there is --where");
        }
    }

    void extract(Surroundings surroundings, Messages messages) throws IOException {
        Profile profile = profileName == null ? null : new ProfileLoader(surroundings.environment()).load(profileName);
        requireOne(profile);
        String tables = prefix(profile);
        try (DavStore store = new DavStore(kind, tables, new DavQuery(user, name, uid, text), putBack)) {
            Header header = StreamRows.read(
                    surroundings.in(),
                    List.of(kind.collections(tables), kind.entries(tables)),
                    putBack ? List.of(kind.properties(tables)) : List.of(),
                    engine -> store);
            if (putBack) {
                putBack(profile, header, tables, store, messages);
                return;
            }
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
                throw nothing();
            }
        }
    }

    private void requireOne(Profile profile) throws Failure {
        if ((list ? 1 : 0) + (to != null ? 1 : 0) + (putBack ? 1 : 0) > 1) {
            throw new Failure(ExitCode.USAGE, "--list, --to and --put-back exclude each other", "give one of them");
        }
        if (putBack && profile == null) {
            throw new Failure(
                    ExitCode.USAGE, "--put-back needs to know the live database", "name its profile with --profile");
        }
        if (replace && !putBack) {
            throw new Failure(ExitCode.USAGE, "--replace is for --put-back", "add --put-back, or leave it out");
        }
    }

    private String prefix(Profile profile) {
        if (prefix != null) {
            return prefix;
        }
        boolean known = profile != null
                && profile.application() != null
                && profile.application().tablePrefix() != null;
        return known ? profile.application().tablePrefix() : "oc_";
    }

    private void putBack(Profile profile, Header header, String tables, DavStore store, Messages messages)
            throws IOException {
        if (!profile.engine().id().equals(header.engine())) {
            throw new Failure(
                    ExitCode.WRONG_ENGINE,
                    "the stream comes from " + header.engine() + ", the live database is "
                            + profile.engine().id(),
                    "take the right backup, or the right profile; --to DIR writes files that can be imported");
        }
        try (PutBack live =
                new PutBack(profile.engine(), profile.restoreConnection(), profile.database(), kind, tables, replace)) {
            store.read(entry -> {
                if (!entry.deleted() || uid != null) {
                    live.put(store, entry);
                }
            });
            if (live.added() + live.replaced() == 0) {
                throw nothing();
            }
            live.commit();
            messages.info(String.format(
                    Locale.ROOT,
                    "put back into %s: %,d entries that were not there, %,d in the place of others; clients get them with"
                            + " their next synchronisation",
                    profile.database(),
                    live.added(),
                    live.replaced()));
        }
    }

    private static Failure nothing() {
        return new Failure(
                ExitCode.FINDINGS,
                "no entry of the stream is what was asked for",
                "ask for less; --nextcloud with --list alone shows what there is");
    }
}
