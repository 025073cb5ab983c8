package io.github.bpipe.writer.undo;

import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.HeldFolder;
import io.github.bpipe.core.snapshot.SavedPaths;
import io.github.bpipe.core.snapshot.SnapshotFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The live files before a snapshot is put over them. Folders are taken from their owners, from the top down: from then on
 * nobody else can exchange a name in them while we work there with our rights, and nobody meets an application that is
 * half the former one.
 */
public final class LiveTree {
    private final SavedPaths paths;
    private final SnapshotFolder snapshot;
    private long removed;

    public LiveTree(SavedPaths paths, SnapshotFolder snapshot) {
        this.paths = paths;
        this.snapshot = snapshot;
    }

    /**
     * Seizes all folders that are in the snapshot, and removes what is not, or is something else there. Symbolic links
     * are all removed. What the snapshot leaves out stays as it is.
     *
     * @return how many files and folders that are not in the snapshot were removed
     */
    public long clear() throws IOException {
        for (Path root : paths.roots()) {
            Path parent = root.getParent();
            if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
                try (HeldFolder folder = HeldFolder.open(parent)) {
                    clear(
                            folder,
                            root.getFileName(),
                            folder.facts(root.getFileName()).device());
                }
            }
        }
        return removed;
    }

    private void clear(HeldFolder folder, Path name, long device) throws IOException {
        Path path = folder.path().resolve(name);
        FileFacts facts = folder.facts(name);
        if (facts.type() == FileFacts.Type.SPECIAL || facts.device() != device) {
            return;
        }
        Optional<FileFacts> saved = FileFacts.find(snapshot.copyOf(path));
        if (saved.isEmpty() || saved.get().type() != facts.type() || facts.type() == FileFacts.Type.LINK) {
            folder.delete(name);
            removed += saved.isEmpty() ? 1 : 0;
        } else if (facts.type() == FileFacts.Type.FOLDER) {
            try (HeldFolder inner = folder.enter(name)) {
                inner.seize();
                inner.forEach(each -> {
                    if (!paths.excludes(path.resolve(each))) {
                        clear(inner, each, device);
                    }
                });
            }
        }
    }
}
