package io.github.bpipe.reader;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.FileFacts;
import io.github.bpipe.core.file.TrustedFile;
import io.github.bpipe.core.snapshot.NativeCopy;
import io.github.bpipe.core.snapshot.SavedPaths;
import io.github.bpipe.core.snapshot.SavedTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Where a snapshot can be made. */
final class SnapshotPlace {
    /** For the manifest, folders, and the stream as far as it is small. */
    private static final long SPARE_BYTES = 16 << 20;

    /** Bytes of the files on one device, and one of those that hold any. */
    private record Amount(long bytes, Path example) {
        Amount plus(Amount other) {
            return new Amount(bytes + other.bytes, example != null ? example : other.example);
        }
    }

    private SnapshotPlace() {}

    /** The full path without symbolic links of a folder that can be made, and that is not saved itself. */
    static Path checked(Path target, SavedPaths paths) throws IOException {
        Path absolute = target.toAbsolutePath().normalize();
        Path place;
        try {
            place = absolute.getParent().toRealPath().resolve(absolute.getFileName());
        } catch (NoSuchFileException e) {
            throw refused("no folder " + absolute.getParent() + " for the snapshot", "make it, with mode 0700", e);
        }
        if (Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            throw refused(place + " exists", "name another folder, or remove that snapshot", null);
        }
        for (Path root : paths.roots()) {
            if (place.startsWith(root)) {
                throw refused(
                        place + " is in " + root + ", which is saved itself", "name a folder outside of it", null);
            }
        }
        TrustedFile.requireFixed(place, "snapshot", System.getProperty("user.name"));
        return place;
    }

    /**
     * Refuses where the files do not fit. What a database takes in its stream is known only when it is there.
     *
     * @param folder where the snapshot is made; private
     */
    static void requireRoom(SavedTree tree, Path folder) throws IOException {
        Map<Long, Amount> devices = new HashMap<>();
        tree.walk((held, name, facts) -> {
            if (facts.type() == FileFacts.Type.FILE && facts.size() > 0) {
                Amount one = new Amount(facts.size(), held.path().resolve(name));
                devices.merge(facts.device(), one, Amount::plus);
            }
        });
        long needed = SPARE_BYTES;
        for (Amount amount : devices.values()) {
            needed += NativeCopy.sharesBlocks(amount.example, folder) ? 0 : amount.bytes;
        }
        long free = folder.toFile().getUsableSpace();
        if (free < needed) {
            throw new Failure(
                    ExitCode.SPACE,
                    "the snapshot needs " + needed + " bytes, " + folder.getParent() + " has " + free,
                    "make room there, or name a folder on the file system of the files, where that can share their"
                            + " blocks (XFS, Btrfs)");
        }
    }

    private static Failure refused(String message, String hint, Exception cause) {
        return new Failure(ExitCode.SNAPSHOT, message, hint, cause);
    }
}
