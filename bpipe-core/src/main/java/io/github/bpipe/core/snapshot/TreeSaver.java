package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.HeldFolder;
import io.github.bpipe.core.file.PathText;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.HashMap;
import java.util.Map;

/**
 * Copies the live files into a snapshot. The manifest tells what the files were, read without following a link; the copy
 * is made by path, and only {@link SnapshotFolder#verify} proves that it is the same.
 */
public final class TreeSaver implements Closeable {
    private final SnapshotFolder snapshot;
    private final ManifestWriter manifest;
    private final NativeCopy copy;
    /** The first name of each file that has further ones to come, and how many. */
    private final Map<Object, FirstName> firstNames = new HashMap<>();

    private record FirstName(Path path, int more) {}

    /**
     * Begins a manifest.
     *
     * @param snapshot an empty folder
     */
    public TreeSaver(SnapshotFolder snapshot, ManifestHead head) throws IOException {
        this.snapshot = snapshot;
        Files.createDirectory(snapshot.files());
        this.manifest = new ManifestWriter(snapshot.manifest(), head);
        this.copy = NativeCopy.below(snapshot.files());
    }

    /** Saves all files, and completes the manifest. */
    public void save(SavedTree tree, SavedPaths paths) throws IOException {
        for (Path root : paths.roots()) {
            Files.createDirectories(snapshot.copyOf(root).getParent());
        }
        tree.walk(this::save);
        manifest.finish();
        copy.finish();
        complete();
    }

    /** Kills the copying where it still runs; from any thread. */
    public void end() {
        copy.close();
    }

    @Override
    public void close() throws IOException {
        copy.close();
        manifest.close();
    }

    private void save(HeldFolder folder, Path name, FileFacts facts) throws IOException {
        Path path = folder.path().resolve(name);
        switch (facts.type()) {
            case FOLDER -> {
                // with access control list and extended attributes, which cp would not give to an empty one
                Files.copy(path, snapshot.copyOf(path), StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                manifest.add(ManifestEntry.folder(path, facts));
            }
            case LINK -> {
                String target = PathText.ofTarget(Files.readSymbolicLink(path));
                manifest.add(ManifestEntry.link(path, facts, target));
                copy.add(path);
            }
            default -> saveFile(folder, name, facts);
        }
    }

    private void saveFile(HeldFolder folder, Path name, FileFacts facts) throws IOException {
        Path path = folder.path().resolve(name);
        FirstName first = firstNames.remove(facts.key());
        if (first != null) {
            if (first.more > 1) {
                firstNames.put(facts.key(), new FirstName(first.path, first.more - 1));
            }
            manifest.add(ManifestEntry.name(path, facts, first.path));
            return;
        }
        if (facts.links() > 1) {
            firstNames.put(facts.key(), new FirstName(path, facts.links() - 1));
        }
        copy.add(path);
        try (InputStream in = folder.read(name)) {
            manifest.add(ManifestEntry.file(path, facts, Sha256.of(in)));
        }
    }

    /** Gives files their further names, and folders the times that copying into them has changed. */
    private void complete() throws IOException {
        try (ManifestReader entries = new ManifestReader(snapshot.manifest())) {
            for (ManifestEntry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.kind() == ManifestEntry.Kind.NAME) {
                    Files.createLink(copyOf(entry.path()), copyOf(entry.target()));
                }
            }
        }
        try (ManifestReader entries = new ManifestReader(snapshot.manifest())) {
            for (ManifestEntry entry = entries.next(); entry != null; entry = entries.next()) {
                if (entry.kind() == ManifestEntry.Kind.FOLDER) {
                    Files.setLastModifiedTime(copyOf(entry.path()), FileTime.from(entry.modified()));
                }
            }
        }
    }

    private Path copyOf(String path) {
        return snapshot.copyOf(PathText.path(path));
    }
}
