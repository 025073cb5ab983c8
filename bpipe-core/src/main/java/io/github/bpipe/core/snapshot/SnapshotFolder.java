package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.PathText;
import io.github.bpipe.core.stream.WholeStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A snapshot: {@code manifest.jsonl} says what belongs to it, {@code database.zst} is the stream, and below
 * {@code files} each file stands under its own full path, with owner, mode and everything else that it had.
 *
 * @param path of the folder
 */
public record SnapshotFolder(Path path) {
    public Path manifest() {
        return path.resolve("manifest.jsonl");
    }

    public Path stream() {
        return path.resolve("database.zst");
    }

    public Path files() {
        return path.resolve("files");
    }

    /** Where the copy of a file stands. */
    public Path copyOf(Path live) {
        return files().resolve(live.getRoot().relativize(live));
    }

    /**
     * Proves that the snapshot is whole: the manifest, the stream, every file against the manifest, and that there is no
     * file beside those.
     *
     * @throws Failure naming the first thing that is wrong
     */
    public ManifestTail verify() throws IOException {
        try (ManifestReader manifest = new ManifestReader(manifest())) {
            ManifestHead head = manifest.head();
            try (InputStream in = new BufferedInputStream(Files.newInputStream(stream()))) {
                if (!WholeStream.read(in, (raw, length) -> {}).header().id().equals(head.dump())) {
                    throw wrong(stream(), "is another dump than the manifest says", null);
                }
            }
            for (ManifestEntry entry = manifest.next(); entry != null; entry = manifest.next()) {
                verify(entry);
            }
            long found = 0;
            for (Path root : head.paths().roots()) {
                found += count(copyOf(root));
            }
            if (found != manifest.tail().entries()) {
                throw wrong(
                        files(),
                        "holds " + found + " files, the manifest "
                                + manifest.tail().entries(),
                        null);
            }
            return manifest.tail();
        }
    }

    private void verify(ManifestEntry entry) throws IOException {
        Path copy = copyOf(PathText.path(entry.path()));
        FileFacts facts = FileFacts.find(copy).orElseThrow(() -> wrong(copy, "is missing", null));
        FileFacts.Type type =
                switch (entry.kind()) {
                    case FOLDER -> FileFacts.Type.FOLDER;
                    case LINK -> FileFacts.Type.LINK;
                    case FILE, NAME -> FileFacts.Type.FILE;
                };
        if (facts.type() != type || !entry.isLike(facts)) {
            throw wrong(copy, "has another owner, mode or time than it had when it was saved", null);
        }
        boolean same =
                switch (entry.kind()) {
                    case FOLDER -> true;
                    case LINK -> PathText.ofTarget(Files.readSymbolicLink(copy)).equals(entry.target());
                    case FILE -> facts.size() == entry.size() && digest(copy).equals(entry.sha256());
                    case NAME ->
                        facts.key()
                                .equals(FileFacts.of(copyOf(PathText.path(entry.target())))
                                        .key());
                };
        if (!same) {
            throw wrong(copy, "holds something else than the file that was saved", null);
        }
    }

    private String digest(Path copy) throws IOException {
        try (InputStream in = Files.newInputStream(copy)) {
            return Sha256.of(in);
        } catch (IOException e) {
            throw wrong(copy, "cannot be read: " + e.getMessage(), e);
        }
    }

    private static long count(Path root) throws IOException {
        AtomicLong files = new AtomicLong();
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                files.incrementAndGet();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                files.incrementAndGet();
                return FileVisitResult.CONTINUE;
            }
        });
        return files.get();
    }

    private static Failure wrong(Path file, String what, Exception cause) {
        return new Failure(
                ExitCode.SNAPSHOT,
                "the snapshot is not whole: " + file + " " + what,
                "take another one, or restore a backup; while one is taken, nothing may change the files: a preBackup"
                        + " hook keeps the application still",
                cause);
    }
}
