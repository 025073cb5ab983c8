package io.github.bpipe.core.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;

/**
 * What a file is, links not followed.
 *
 * @param mode permissions with the bits for set-id and sticky
 * @param modified to the nanosecond
 * @param size in bytes
 * @param links how many names it has
 * @param device that it is on
 * @param key by which the same file is known under any name
 */
public record FileFacts(
        Type type, int mode, int uid, int gid, FileTime modified, long size, int links, long device, Object key) {
    private static final int TYPE = 0170000;
    private static final int REGULAR = 0100000;
    private static final int DIRECTORY = 0040000;
    private static final int SYMLINK = 0120000;

    /** What kind of file. */
    public enum Type {
        FILE,
        FOLDER,
        LINK,
        /** Socket, pipe or device. */
        SPECIAL
    }

    /** Of a file that must be there. */
    public static FileFacts of(Path file) throws IOException {
        Map<String, Object> facts = Files.readAttributes(
                file, "unix:mode,uid,gid,lastModifiedTime,size,nlink,dev,fileKey", LinkOption.NOFOLLOW_LINKS);
        int mode = (int) facts.get("mode");
        return new FileFacts(
                type(mode),
                mode & ~TYPE,
                (int) facts.get("uid"),
                (int) facts.get("gid"),
                (FileTime) facts.get("lastModifiedTime"),
                (long) facts.get("size"),
                (int) facts.get("nlink"),
                (long) facts.get("dev"),
                facts.get("fileKey"));
    }

    /** Of a file, where it is there. */
    public static Optional<FileFacts> find(Path file) throws IOException {
        try {
            return Optional.of(of(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static Type type(int mode) {
        return switch (mode & TYPE) {
            case REGULAR -> Type.FILE;
            case DIRECTORY -> Type.FOLDER;
            case SYMLINK -> Type.LINK;
            default -> Type.SPECIAL;
        };
    }
}
