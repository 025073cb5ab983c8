package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.PathText;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A file in a snapshot, as it was when it was saved.
 *
 * @param path as {@link PathText}
 * @param kind of file
 * @param mode permissions with the bits for set-id and sticky
 * @param modified time of the last change; null for a symbolic link
 * @param size in bytes, of a file
 * @param sha256 of the contents of a file, in hexadecimal digits
 * @param links how many names a file has
 * @param target what a symbolic link holds; of a further name the first one of the same file
 */
public record ManifestEntry(
        String path,
        Kind kind,
        int mode,
        int uid,
        int gid,
        Instant modified,
        Long size,
        String sha256,
        Integer links,
        String target) {
    /** What an entry stands for. */
    public enum Kind {
        FOLDER,
        FILE,
        LINK,
        /** A further name of a file that has an entry before. */
        NAME
    }

    static ManifestEntry folder(Path path, FileFacts facts) {
        return of(path, Kind.FOLDER, facts, null, null);
    }

    static ManifestEntry file(Path path, FileFacts facts, String sha256) {
        return of(path, Kind.FILE, facts, sha256, null);
    }

    static ManifestEntry link(Path path, FileFacts facts, String target) {
        return of(path, Kind.LINK, facts, null, target);
    }

    static ManifestEntry name(Path path, FileFacts facts, Path first) {
        return of(path, Kind.NAME, facts, null, PathText.of(first));
    }

    private static ManifestEntry of(Path path, Kind kind, FileFacts facts, String sha256, String target) {
        boolean file = kind == Kind.FILE;
        return new ManifestEntry(
                PathText.of(path),
                kind,
                facts.mode(),
                facts.uid(),
                facts.gid(),
                // cp keeps the time of a link only where the system can
                kind == Kind.LINK ? null : facts.modified().toInstant(),
                file ? facts.size() : null,
                sha256,
                file ? facts.links() : null,
                target);
    }

    /** True where owner, mode and time are the same. */
    boolean isLike(FileFacts facts) {
        return mode == facts.mode()
                && uid == facts.uid()
                && gid == facts.gid()
                && (modified == null || modified.equals(facts.modified().toInstant()));
    }
}
