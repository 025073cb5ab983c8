package io.github.bpipe.core.file;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A folder that is held open, reached without following any symbolic link. Whoever owns it, or a folder above it, can
 * exchange names while we work there with more rights than his; what is done through this still happens in this very
 * folder.
 */
public final class HeldFolder implements Closeable {
    private final Path path;
    private final SecureDirectoryStream<Path> stream;

    private HeldFolder(Path path, SecureDirectoryStream<Path> stream) {
        this.path = path;
        this.stream = stream;
    }

    /** Work for each name. */
    public interface NameHandler {
        void handle(Path name) throws IOException;
    }

    /**
     * Opens a folder.
     *
     * @param folder full path without symbolic links
     */
    @SuppressWarnings("StreamResourceLeak") // it is closed with the folder that holds it
    public static HeldFolder open(Path folder) throws IOException {
        DirectoryStream<Path> top = Files.newDirectoryStream(folder.getRoot());
        HeldFolder held = new HeldFolder(folder.getRoot(), (SecureDirectoryStream<Path>) top);
        for (Path name : folder.getRoot().relativize(folder)) {
            // the root's own path relative to itself is one empty name
            if (!name.toString().isEmpty()) {
                try (HeldFolder above = held) {
                    held = above.enter(name);
                }
            }
        }
        return held;
    }

    public Path path() {
        return path;
    }

    /**
     * Opens a folder in this one.
     *
     * @throws Failure where it is none, or a symbolic link to one
     */
    public HeldFolder enter(Path name) throws IOException {
        try {
            return new HeldFolder(path.resolve(name), stream.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS));
        } catch (NoSuchFileException e) {
            throw new Failure(ExitCode.SNAPSHOT, "no folder " + path.resolve(name), "was it removed just now?", e);
        } catch (FileSystemException e) {
            throw new Failure(
                    ExitCode.SNAPSHOT,
                    "cannot open the folder " + path.resolve(name) + ": " + e.getReason(),
                    "a symbolic link is not followed; name the folder that it leads to",
                    e);
        }
    }

    /** Goes through the names in this folder, once. */
    public void forEach(NameHandler handler) throws IOException {
        try {
            for (Path entry : stream) {
                handler.handle(entry.getFileName());
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    /** What a file in this folder is. */
    public FileFacts facts(Path name) throws IOException {
        FileFacts facts = FileFacts.of(path.resolve(name));
        Object key = stream.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes()
                .fileKey();
        if (!key.equals(facts.key())) {
            throw new Failure(
                    ExitCode.SNAPSHOT,
                    path.resolve(name) + " was exchanged while it was looked at",
                    "stop what works in that folder, and run it again");
        }
        return facts;
    }

    /** Reads a file in this folder, unbuffered. */
    public InputStream read(Path name) throws IOException {
        return Channels.newInputStream(
                stream.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)));
    }

    /** Deletes a file, or a folder with all that is in it; what is mounted there is in the way. */
    public void delete(Path name) throws IOException {
        FileFacts facts = facts(name);
        if (facts.type() != FileFacts.Type.FOLDER) {
            stream.deleteFile(name);
            return;
        }
        try (HeldFolder folder = enter(name)) {
            folder.forEach(inner -> {
                if (folder.facts(inner).device() != facts.device()) {
                    throw new Failure(
                            ExitCode.SNAPSHOT,
                            folder.path.resolve(inner) + " is in the way: another file system is mounted there",
                            "unmount it, and run it again");
                }
                folder.delete(inner);
            });
        }
        stream.deleteDirectory(name);
    }

    /** Makes it ours with mode 0700, so that from now on nobody else changes what is in it. */
    public void seize() throws IOException {
        PosixFileAttributeView view = stream.getFileAttributeView(PosixFileAttributeView.class);
        String self = System.getProperty("user.name");
        if (!view.getOwner().getName().equals(self)) {
            view.setOwner(path.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(self));
        }
        view.setPermissions(PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
