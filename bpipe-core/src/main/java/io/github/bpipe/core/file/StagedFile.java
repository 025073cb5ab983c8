package io.github.bpipe.core.file;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file that becomes visible under its name only when it is complete: written beside with mode 0600, flushed to the
 * disk, renamed. Closed before {@link #commit}, it leaves nothing.
 */
public final class StagedFile implements Closeable {
    private final Path file;
    private final Path partial;
    private final FileChannel channel;
    private final OutputStream out;

    /** Creates {@code .NAME.PID.partial} beside the file. */
    public StagedFile(Path file) throws Failure {
        this.file = file.toAbsolutePath();
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new Failure(
                    ExitCode.OUTPUT,
                    file + " is there and no ordinary file",
                    "name another one; into a pipe or a device write through stdout");
        }
        this.partial = this.file.resolveSibling(
                "." + file.getFileName() + "." + ProcessHandle.current().pid() + ".partial");
        try {
            this.channel = FileChannel.open(
                    partial,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.OUTPUT,
                    "cannot create " + partial + ": " + e.getClass().getSimpleName(),
                    "does the folder exist, and may " + System.getProperty("user.name") + " write there?",
                    e);
        }
        this.out = Channels.newOutputStream(channel);
    }

    /** Unbuffered. */
    public OutputStream out() {
        return out;
    }

    /** Who may read the file, where that is not only its owner. */
    public void mode(Set<PosixFilePermission> mode) throws IOException {
        Files.setPosixFilePermissions(partial, mode);
    }

    /** Puts the file, which is complete now, in its place; a former one of that name is replaced. */
    public void commit() throws Failure {
        commitAs(file);
    }

    /** As {@link #commit}, under another name in the same folder that was not known before. */
    public void commitAs(Path name) throws Failure {
        try {
            channel.force(true);
            channel.close();
            Files.move(partial, name, StandardCopyOption.ATOMIC_MOVE);
            syncFolder(file.getParent());
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.OUTPUT, "cannot complete " + name + ": " + e.getMessage(), "look for a full disk", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(partial);
    }

    /** Makes sure that the names in a folder are on the disk. */
    public static void syncFolder(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
