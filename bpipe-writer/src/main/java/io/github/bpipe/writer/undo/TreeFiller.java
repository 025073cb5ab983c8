package io.github.bpipe.writer.undo;

import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.PathText;
import io.github.bpipe.core.snapshot.ManifestEntry;
import io.github.bpipe.core.snapshot.ManifestReader;
import io.github.bpipe.core.snapshot.NativeCopy;
import io.github.bpipe.core.snapshot.SavedPaths;
import io.github.bpipe.core.snapshot.Sha256;
import io.github.bpipe.core.snapshot.SnapshotFolder;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Optional;
import java.util.Set;

/** Puts the files of a snapshot over a {@link LiveTree} that was cleared, whose folders nobody else can change. */
public final class TreeFiller implements Closeable {
    private final SnapshotFolder snapshot;
    private volatile NativeCopy copy;
    private volatile boolean ended;
    private long replaced;

    public TreeFiller(SnapshotFolder snapshot) {
        this.snapshot = snapshot;
    }

    /**
     * Copies the files that are missing or have other contents; a second run goes on where one was broken off. Folders
     * stay ours.
     *
     * @return how many were copied
     */
    public long fill() throws IOException {
        copy = NativeCopy.pairs();
        try (ManifestReader entries = new ManifestReader(snapshot.manifest())) {
            for (ManifestEntry entry = entries.next(); entry != null; entry = entries.next()) {
                Path live = PathText.path(entry.path());
                switch (entry.kind()) {
                    case FOLDER -> folder(live);
                    case FILE -> file(live, entry);
                    // cp makes it with the attributes, and would stumble over one that is there
                    case LINK -> {}
                    // when the file itself is there
                    case NAME -> Files.deleteIfExists(live);
                }
            }
        }
        copy.finish();
        try (ManifestReader entries = new ManifestReader(snapshot.manifest())) {
            for (ManifestEntry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.kind() == ManifestEntry.Kind.NAME) {
                    Files.createLink(PathText.path(entry.path()), PathText.path(entry.target()));
                }
            }
        }
        return replaced;
    }

    /** Makes symbolic links, and gives everything its owner, mode, access control list, extended attributes and times; each folder last. */
    public void giveBack(SavedPaths paths) throws IOException {
        copy = NativeCopy.attributes();
        for (Path root : paths.roots()) {
            copy.add(snapshot.copyOf(root));
            copy.add(root);
        }
        copy.finish();
    }

    /** Makes it fail soon; from any thread. */
    @Override
    public void close() {
        ended = true;
        NativeCopy current = copy;
        if (current != null) {
            current.close();
        }
    }

    private void folder(Path live) throws IOException {
        if (FileFacts.find(live).isEmpty()) {
            Files.createDirectory(
                    live, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            return;
        }
        // cp adds and changes such attributes, and removes none
        UserDefinedFileAttributeView view = Files.getFileAttributeView(live, UserDefinedFileAttributeView.class);
        Set<String> saved = attributes(snapshot.copyOf(live));
        for (String name : attributes(live)) {
            if (!saved.contains(name)) {
                view.delete(name);
            }
        }
    }

    private void file(Path live, ManifestEntry entry) throws IOException {
        Optional<FileFacts> facts = FileFacts.find(live);
        if (facts.isPresent()) {
            if (isSame(live, facts.get(), entry)) {
                return;
            }
            if (facts.get().type() == FileFacts.Type.FILE) {
                Files.delete(live);
            }
        }
        copy(live);
    }

    /** A file with several names may be one that belongs elsewhere, so that one is never kept. */
    private boolean isSame(Path live, FileFacts facts, ManifestEntry entry) throws IOException {
        if (facts.type() != FileFacts.Type.FILE
                || facts.size() != entry.size()
                || facts.links() > 1
                || entry.links() > 1
                || !attributes(live).equals(attributes(snapshot.copyOf(live)))) {
            return false;
        }
        try (InputStream in = Files.newInputStream(live)) {
            return Sha256.of(in).equals(entry.sha256());
        }
    }

    private void copy(Path live) throws IOException {
        if (ended) {
            throw new IOException("ended before " + live);
        }
        replaced++;
        copy.add(snapshot.copyOf(live));
        copy.add(live);
    }

    private static Set<String> attributes(Path file) throws IOException {
        return Set.copyOf(Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                .list());
    }
}
