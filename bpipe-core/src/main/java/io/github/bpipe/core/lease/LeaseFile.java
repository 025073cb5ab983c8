package io.github.bpipe.core.lease;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.stream.Json;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the lease of a profile is kept: {@code lease.json} in its folder of the state, changed by one process at a time. The
 * lock dies with its holder.
 */
public final class LeaseFile implements Closeable {
    private static final String NAME = "lease.json";

    private final Path file;
    private final FileChannel lock;

    private LeaseFile(Path file, FileChannel lock) {
        this.file = file;
        this.lock = lock;
    }

    /** Waits for whoever is at it, who is so for no longer than its own limits allow. */
    public static LeaseFile open(Map<String, String> environment, String profile) throws IOException {
        LeaseFile opened = create(environment, profile);
        opened.lock.lock();
        return opened;
    }

    /** The names of the profiles that have a lease. */
    public static List<String> profiles(Map<String, String> environment) throws IOException {
        Path state = RunFolder.stateFolder(environment);
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(state)) {
            try (DirectoryStream<Path> folders = Files.newDirectoryStream(state)) {
                for (Path folder : folders) {
                    if (Files.exists(folder.resolve(NAME))) {
                        names.add(folder.getFileName().toString());
                    }
                }
            }
        }
        names.sort(null);
        return names;
    }

    private static LeaseFile create(Map<String, String> environment, String profile) throws IOException {
        Path folder = RunFolder.stateFolder(environment).resolve(profile);
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            FileChannel lock = FileChannel.open(
                    folder.resolve("lease.lock"),
                    Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return new LeaseFile(folder.resolve(NAME), lock);
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.OUTPUT,
                    "cannot write into the folder " + folder + ": " + e.getMessage(),
                    "run it as the file daemon's user, or move the folder with " + RunFolder.VARIABLE,
                    e);
        }
    }

    /** The lease, if there is one. */
    public Optional<Lease> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.parse(Files.readAllBytes(file), Lease.class));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new Failure(
                    ExitCode.HOOK,
                    file + " cannot be understood: " + e.getOriginalMessage(),
                    "look whether the application is still closed, open it, and remove that file",
                    e);
        }
    }

    /** Keeps it; one that holds nothing and has nothing to say is forgotten. */
    void write(Lease lease) throws IOException {
        if (lease.isEmpty() && lease.ended() == null) {
            Files.deleteIfExists(file);
            return;
        }
        try (StagedFile staged = new StagedFile(file)) {
            staged.out().write(Json.pretty(lease).getBytes(StandardCharsets.UTF_8));
            staged.commit();
        }
    }

    void forget() throws IOException {
        Files.deleteIfExists(file);
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
