package io.github.bpipe.writer.pick.nextcloud;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/** Prints entries: as one file, as a list, or into a file each. */
public final class DavPrinter {
    private final DavKind kind;
    private final DavStore store;
    private final List<String> leftOut = new ArrayList<>();
    private int printed;

    public DavPrinter(DavKind kind, DavStore store) {
        this.kind = kind;
        this.store = store;
    }

    /** How many entries were printed or written. */
    public int printed() {
        return printed;
    }

    /** Entries that could not be, one sentence each. */
    public List<String> leftOut() {
        return leftOut;
    }

    /** One line for each entry: user, collection, UID, start, title, each behind a tab; those in the trash bin say so. */
    public void list(OutputStream out) throws IOException {
        store.read(entry -> {
            List<String> lines = lines(entry);
            List<String> fields = new ArrayList<>();
            fields.add(entry.collection().user());
            fields.add(orEmpty(entry.collection().name()));
            fields.add(orEmpty(entry.uid()));
            if (kind == DavKind.CALENDAR) {
                fields.add(orEmpty(ContentLines.value(lines, "DTSTART")));
            }
            fields.add(ContentLines.plain(orEmpty(ContentLines.value(lines, kind.title))));
            if (entry.deleted()) {
                fields.add("(in the trash bin)");
            }
            print(out, String.join("\t", fields.stream().map(Printable::text).toList()) + "\n");
            printed++;
        });
    }

    /**
     * All entries as one file.
     *
     * @param withDeleted true to print what is in the trash bin too
     */
    public void print(OutputStream out, boolean withDeleted) throws IOException {
        CalendarMerge merge = new CalendarMerge();
        store.read(entry -> {
            if (entry.deleted() && !withDeleted) {
                return;
            }
            if (kind == DavKind.CONTACTS) {
                print(out, withLineEnds(entry.data()));
                printed++;
                return;
            }
            CalendarObject object = CalendarObject.parse(entry.data());
            if (object == null) {
                leftOut.add(
                        "the entry " + entry.uri() + " of " + entry.collection().user()
                                + " is no whole iCalendar object and left out; --to DIR writes it as it is");
                return;
            }
            if (printed == 0) {
                print(out, CalendarMerge.HEAD);
            }
            print(out, merge.add(object));
            printed++;
        });
        if (kind == DavKind.CALENDAR && printed > 0) {
            print(out, CalendarMerge.TAIL);
        }
    }

    /** Each entry as it was stored, in {@code FOLDER/USER/COLLECTION/ENTRY}; existing files are never replaced. */
    public void write(Path folder, boolean withDeleted) throws IOException {
        store.read(entry -> {
            if (!entry.deleted() || withDeleted) {
                write(folder, entry);
                printed++;
            }
        });
    }

    private void write(Path folder, DavEntry entry) throws IOException {
        Path parent = folder.resolve(FileNames.escape(entry.collection().user()))
                .resolve(FileNames.escape(orEmpty(entry.collection().uri())));
        String name = FileNames.escape(orEmpty(entry.uri()));
        Path file = parent.resolve(name.endsWith(kind.extension) ? name : name + kind.extension);
        try {
            Files.createDirectories(
                    parent, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (IOException e) {
            throw new Failure(ExitCode.OUTPUT, "cannot create the folder " + parent + ": " + e, "name another one", e);
        }
        if (Files.exists(file)) {
            throw new Failure(ExitCode.EXISTS, file + " exists and is not replaced", "name an empty folder with --to");
        }
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(entry.data().getBytes(StandardCharsets.UTF_8));
            staged.commit();
        }
    }

    /** Those of the entry itself, not of the time zones that come with it. */
    private List<String> lines(DavEntry entry) {
        if (kind == DavKind.CALENDAR) {
            CalendarObject object = CalendarObject.parse(entry.data());
            if (object != null && object.main() != null) {
                return object.main().lines();
            }
        }
        return ContentLines.unfold(entry.data());
    }

    private static String withLineEnds(String data) {
        return data.strip().replaceAll("\r\n|\n|\r", "\r\n") + "\r\n";
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static void print(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
