package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.HeldFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The files that a snapshot holds, as they stand live: each folder before what is in it. */
public final class SavedTree {
    private final SavedPaths paths;
    private final List<String> leftOut = new ArrayList<>();
    private volatile boolean ended;

    public SavedTree(SavedPaths paths) {
        this.paths = paths;
    }

    /** Takes one file, by its name in a folder that is held open. */
    public interface Visitor {
        void visit(HeldFolder folder, Path name, FileFacts facts) throws IOException;
    }

    /**
     * Visits everything below all roots.
     *
     * @throws Failure where a root is missing
     */
    public void walk(Visitor visitor) throws IOException {
        leftOut.clear();
        for (Path root : paths.roots()) {
            if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
                throw new Failure(
                        ExitCode.SNAPSHOT,
                        "no " + root + ", which files.include names",
                        "correct the profile, or look why it is missing");
            }
            try (HeldFolder folder = HeldFolder.open(root.getParent())) {
                Path name = root.getFileName();
                visit(folder, name, folder.facts(name), visitor);
            }
        }
    }

    /** What the last walk has met and passed over, each with the reason. */
    public List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /** Makes a walk fail soon; from any thread. */
    public void end() {
        ended = true;
    }

    private void visit(HeldFolder folder, Path name, FileFacts facts, Visitor visitor) throws IOException {
        Path path = folder.path().resolve(name);
        if (ended) {
            throw new Failure(ExitCode.INTERRUPTED, "ended before " + path, "run it again");
        }
        if (facts.type() == FileFacts.Type.SPECIAL) {
            leftOut.add(path + " is a socket, a pipe or a device");
            return;
        }
        visitor.visit(folder, name, facts);
        if (facts.type() == FileFacts.Type.FOLDER) {
            try (HeldFolder inner = folder.enter(name)) {
                inner.forEach(each -> {
                    Path child = path.resolve(each);
                    if (!paths.excludes(child)) {
                        visitInner(inner, each, facts.device(), visitor);
                    }
                });
            }
        }
    }

    private void visitInner(HeldFolder folder, Path name, long device, Visitor visitor) throws IOException {
        FileFacts facts = folder.facts(name);
        if (facts.device() == device) {
            visit(folder, name, facts, visitor);
        } else {
            visitor.visit(folder, name, facts);
            leftOut.add("what is mounted at " + folder.path().resolve(name) + ", another file system");
        }
    }
}
