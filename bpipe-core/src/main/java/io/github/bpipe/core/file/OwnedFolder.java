package io.github.bpipe.core.file;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.OpenFiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * A private folder (0700) with an owner: a process that holds the lock of the file {@code owner} in it. The lock dies
 * with its holder, so that what a killed run left behind can be told from the work of a living one.
 */
public final class OwnedFolder implements Closeable {
    /** The first word of the owner file, by which a folder is known to be ours. */
    private static final String SIGNATURE = "bpipe";

    private static final String OWNER = "owner";
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** Those of this process: a POSIX lock does not exclude its own process, and any close of the file drops it. */
    private static final Set<Path> OWNED_HERE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;
    private boolean closed;

    private OwnedFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** A new folder of a random name; the ones that dead runs left there are removed. */
    public static OwnedFolder create(Path parent, String prefix) throws IOException {
        removeDead(parent, prefix);
        while (true) {
            Path folder = Files.createTempDirectory(parent, prefix, PRIVATE);
            OwnedFolder owned = tryClaim(folder);
            if (owned != null) {
                return owned;
            }
        }
    }

    /**
     * The folder of that name, made where it is missing. Whatever a dead run left in it is still there.
     *
     * @throws Failure of class BUSY where a living process owns it, of class TARGET where it was not made by us
     */
    public static OwnedFolder claim(Path folder) throws IOException {
        while (true) {
            try {
                Files.createDirectory(folder, PRIVATE);
            } catch (FileAlreadyExistsException e) {
                requireOurs(folder);
            }
            try {
                OwnedFolder owned = tryClaim(folder);
                if (owned != null) {
                    return owned;
                }
            } catch (NoSuchFileException e) {
                requireMissing(folder, e);
            }
        }
    }

    /** True where the folder is there and a living process owns it. */
    public static boolean inUse(Path folder) throws IOException {
        if (OWNED_HERE.contains(folder)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(folder.resolve(OWNER), StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            return lock == null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    public Path path() {
        return path;
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    /** Removes everything in it but the lock and what is to be kept. */
    public void clear(Path... kept) throws IOException {
        Set<Path> left = new HashSet<>(List.of(kept));
        left.add(path);
        left.add(path.resolve(OWNER));
        // one by one, because there may be more files than fit into memory
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                return delete(file);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                return delete(folder);
            }

            private FileVisitResult delete(Path file) throws IOException {
                if (!left.contains(file)) {
                    Files.deleteIfExists(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Gives up the lock and leaves the folder as it is. */
    public synchronized void release() {
        if (!closed) {
            closed = true;
            closeQuietly(channel);
            OWNED_HERE.remove(path);
        }
    }

    /** Removes the folder with all that is in it; what cannot be removed is left to the next run. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        try {
            clear();
            Files.deleteIfExists(path.resolve(OWNER));
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // the next run finds it without an owner and removes it
        } finally {
            release();
        }
    }

    /** Its last owner removed it just now: no error, unless it is still there. */
    private static void requireMissing(Path folder, NoSuchFileException e) throws IOException {
        if (Files.exists(folder.resolve(OWNER), LinkOption.NOFOLLOW_LINKS)) {
            throw e;
        }
    }

    private static void requireOurs(Path folder) throws IOException {
        if (OWNED_HERE.contains(folder)) {
            throw busy(folder, "this process");
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) || !(isSigned(folder) || isEmpty(folder))) {
            throw new Failure(
                    ExitCode.TARGET,
                    folder + " is in the way and was not made by this program",
                    "look what it is, and move it away");
        }
    }

    /** Locks the folder's owner file; null where the folder was removed meanwhile. */
    private static OwnedFolder tryClaim(Path folder) throws IOException {
        if (!OWNED_HERE.add(folder)) {
            throw busy(folder, "this process");
        }
        FileChannel channel = null;
        boolean owned = false;
        try {
            Path owner = folder.resolve(OWNER);
            channel = FileChannel.open(
                    owner, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            if (channel.tryLock() == null) {
                throw busy(folder, Files.readString(owner).strip());
            }
            // the last owner may have removed the file after we opened it
            if (!OpenFiles.isOpenHere(owner)) {
                return null;
            }
            String text = SIGNATURE + " process " + ProcessHandle.current().pid() + "\n";
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
            owned = true;
            return new OwnedFolder(folder, channel);
        } finally {
            if (!owned) {
                closeQuietly(channel);
                OWNED_HERE.remove(folder);
            }
        }
    }

    private static Failure busy(Path folder, String owner) {
        return new Failure(
                ExitCode.BUSY,
                "another run is at work in " + folder + ": " + owner,
                "wait until it has ended; a run that was killed does not count");
    }

    /** Removes the folders below a parent that carry the prefix, are ours, and whose owners are dead. */
    private static void removeDead(Path parent, String prefix) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(parent, prefix + "*")) {
            for (Path folder : folders) {
                if (isDead(folder)) {
                    removeUnlessTaken(folder);
                }
            }
        }
    }

    private static void removeUnlessTaken(Path folder) throws IOException {
        try {
            claim(folder).close();
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.BUSY) {
                throw e;
            }
        }
    }

    private static boolean isDead(Path folder) throws IOException {
        try {
            Path owner = folder.resolve(OWNER);
            // an empty owner file belongs to a run that is just about to lock it
            return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                    && Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS)
                            .getName()
                            .equals(System.getProperty("user.name"))
                    && Files.isRegularFile(owner, LinkOption.NOFOLLOW_LINKS)
                    && Files.size(owner) > 0
                    && !inUse(folder);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** An empty owner file belongs to a run that ended, or is, between making and signing it. */
    private static boolean isSigned(Path folder) throws IOException {
        Path owner = folder.resolve(OWNER);
        if (!Files.isRegularFile(owner, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        String text = Files.readString(owner, StandardCharsets.ISO_8859_1);
        return text.isEmpty() || text.startsWith(SIGNATURE);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void closeQuietly(FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
