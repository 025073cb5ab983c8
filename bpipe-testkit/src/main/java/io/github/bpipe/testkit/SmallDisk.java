package io.github.bpipe.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system of its own, of a fixed size, that can be filled: needs root, to mount it. */
public final class SmallDisk implements Closeable {
    private final Path folder;
    private boolean mounted;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.mounted = true;
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    }

    /** One whose files can share their blocks, as cp --reflink makes them: Btrfs in a file. */
    public static SmallDisk sharingBlocks(long bytes) {
        Path folder = ServerProcess.newFolder("d");
        Path image = folder.resolveSibling(folder.getFileName() + ".image");
        Programs.run("truncate", "-s", String.valueOf(bytes), image.toString()).orFail();
        Programs.run(Programs.find("mkfs.btrfs", "btrfs-progs"), "-q", image.toString())
                .orFail();
        Programs.run("mount", "-o", "loop", image.toString(), folder.toString()).orFail();
        // it is there as long as it is mounted
        image.toFile().delete();
        return new SmallDisk(folder);
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

    /** Takes all but so many bytes. */
    public void fillUpTo(long leftBytes) {
        empty();
        Programs.run(
                        "fallocate",
                        "-l",
                        String.valueOf(freeBytes() - leftBytes),
                        ballast().toString())
                .orFail();
    }

    /** Takes whatever is free, also where others take and give back at the same time. */
    public void fill() {
        empty();
        Programs.Answer full = Programs.run("dd", "if=/dev/zero", "of=" + ballast(), "bs=64k");
        if (!full.err().contains("No space left on device")) {
            throw new AssertionError("the disk is not full: " + full.err());
        }
    }

    /** Gives back what was taken. */
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
