package io.github.bpipe.core.file;

import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds what is there and did not come back with a restore. Whatever a restore writes has changed its status since it began
 * (ctime, see inode(7), which nobody can set): what has not was there before, and was not in the backup. Symbolic links
 * are not followed.
 */
public final class ExtraneousFiles {
    private static final int MOST_NAMED = 10;

    private final Instant restoreBegan;
    private final ExcludedFiles excluded;
    private final OutputStream list;
    private final List<Path> first = new ArrayList<>();
    private long seen;
    private long found;

    /**
     * A file or folder that did not come back.
     *
     * @param path in full
     * @param key device and inode
     * @param modified when its contents were
     * @param folder true for one, which stands behind all that is in it
     */
    public record Entry(String path, String key, Instant modified, boolean folder) {
        static Entry of(Path path, BasicFileAttributes is) {
            return new Entry(
                    path.toString(),
                    String.valueOf(is.fileKey()),
                    is.lastModifiedTime().toInstant(),
                    is.isDirectory());
        }
    }

    /**
     * Prepares.
     *
     * @param excluded what the backup left out
     * @param list gets a line for each
     */
    public ExtraneousFiles(Instant restoreBegan, ExcludedFiles excluded, OutputStream list) {
        this.restoreBegan = restoreBegan;
        this.excluded = excluded;
        this.list = list;
    }

    /** Looks into a folder; false where the folder itself did not come back, so that it was none of this restore. */
    public boolean find(Path folder) throws IOException {
        if (isOld(folder)) {
            return false;
        }
        Files.walkFileTree(folder, new Visitor(folder));
        return true;
    }

    /** The first of them. */
    public List<Path> first() {
        return List.copyOf(first);
    }

    /** How many files and folders were looked at. */
    public long seen() {
        return seen;
    }

    /** How many of them did not come back. */
    public long found() {
        return found;
    }

    private void look(Path path, BasicFileAttributes is) throws IOException {
        seen++;
        if (isOld(path)) {
            found++;
            if (first.size() < MOST_NAMED) {
                first.add(path);
            }
            list.write(Json.bytes(Entry.of(path, is)));
            list.write('\n');
        }
    }

    private boolean isOld(Path path) throws IOException {
        FileTime changed = (FileTime) Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
        return changed.toInstant().isBefore(restoreBegan);
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        private final Path top;

        Visitor(Path top) {
            this.top = top;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes is) {
            return excluded.contains(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes is) throws IOException {
            if (!excluded.contains(file)) {
                look(file, is);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
            if (failure != null) {
                throw failure;
            }
            if (!folder.equals(top)) {
                look(folder, Files.readAttributes(folder, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
