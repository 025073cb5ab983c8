package io.github.bpipe.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A file system of its own, in memory and of a fixed size, that can be filled: needs root, to mount it. */
public final class SmallDisk implements Closeable {
    private final Path folder;
    private boolean mounted;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.mounted = true;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** Mounts one of so many bytes in a temporary folder. */
    public static SmallDisk of(long bytes) {
        if (!Programs.root()) {
            throw new AssertionError("this test mounts a tmpfs: run it as root");
        }
        Path folder = ServerProcess.newFolder("d");
        Programs.run("mount", "-t", "tmpfs", "-o", "size=" + bytes + ",mode=755", "none", folder.toString())
                .orFail();
        return new SmallDisk(folder);
    }

    public Path folder() {
        return folder;
    }

    public long freeBytes() {
        try {
            return Files.getFileStore(folder).getUsableSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes all but so many bytes, however much of that is free again meanwhile. */
    public void fillUpTo(long leftBytes) {
        empty();
        long bytes = Math.max(0, freeBytes() - leftBytes);
        Programs.run(
                        List.of(
                                "fallocate",
                                "-l",
                                String.valueOf(Math.max(1, bytes)),
                                ballast().toString()),
                        Map.of(),
                        new byte[0])
                .orFail();
    }

    /** Gives back what {@link #fillUpTo} took. */
    public void empty() {
        try {
            Files.deleteIfExists(ballast());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Unmounts it; what still uses it keeps it until it ends. */
    @Override
    public synchronized void close() {
        if (mounted) {
            mounted = false;
            Programs.run("umount", "--lazy", folder.toString()).orFail();
            folder.toFile().delete();
        }
    }

    private Path ballast() {
        return folder.resolve("ballast");
    }
}
