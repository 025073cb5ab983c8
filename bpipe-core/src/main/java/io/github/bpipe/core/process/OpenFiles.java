package io.github.bpipe.core.process;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Which processes have a file open, as {@code /proc} tells (proc(5), {@code /proc/pid/fd}). */
public final class OpenFiles {
    private static final Path PROC = Path.of("/proc");

    /**
     * The answer for some files.
     *
     * @param holders the other processes that have one of them open
     * @param complete false where some processes could not be looked into, since they belong to somebody else
     */
    public record Answer(List<Holder> holders, boolean complete) {
        /** The holders in words. */
        public String describe() {
            String named = holders.stream().map(Holder::toString).collect(Collectors.joining(", "));
            if (complete || !named.isEmpty()) {
                return named.isEmpty() ? "no process of this machine" : named;
            }
            return "a process of another user";
        }
    }

    /** A process by its id and its name. */
    public record Holder(long pid, String name) {
        @Override
        public String toString() {
            return "process " + pid + " (" + name + ")";
        }
    }

    private OpenFiles() {}

    /** Looks for other processes that have one of the files open; files that do not exist are held by nobody. */
    public static Answer find(List<Path> files) throws IOException {
        Set<Object> keys = new HashSet<>();
        for (Path file : files) {
            Object key = key(file);
            if (key != null) {
                keys.add(key);
            }
        }
        long self = ProcessHandle.current().pid();
        List<Holder> holders = new ArrayList<>();
        boolean complete = true;
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                long pid = Long.parseLong(process.getFileName().toString());
                if (pid == self) {
                    continue;
                }
                try {
                    if (holds(process, keys)) {
                        holders.add(new Holder(pid, name(process)));
                    }
                } catch (AccessDeniedException e) {
                    complete = false;
                }
            }
        }
        return new Answer(holders, complete);
    }

    /** True where our own process has that very file open. */
    public static boolean isOpenHere(Path file) throws IOException {
        Object key = key(file);
        return key != null && holds(PROC.resolve("self"), Set.of(key));
    }

    private static boolean holds(Path process, Set<Object> keys) throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                Object key = key(descriptor);
                if (key != null && keys.contains(key)) {
                    return true;
                }
            }
        } catch (AccessDeniedException e) {
            throw e;
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // the process has just ended
            return false;
        }
        return false;
    }

    private static String name(Path process) {
        try {
            return Files.readString(process.resolve("comm")).strip();
        } catch (IOException e) {
            return "ended";
        }
    }

    /** Device and inode, or null where there is no such file. */
    private static Object key(Path file) throws IOException {
        try {
            return Files.readAttributes(file, java.nio.file.attribute.BasicFileAttributes.class)
                    .fileKey();
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            // a descriptor of something that is no file, or of a process that has just ended
            if (file.startsWith(PROC)) {
                return null;
            }
            throw e;
        }
    }
}
