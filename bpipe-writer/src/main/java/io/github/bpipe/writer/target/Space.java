package io.github.bpipe.writer.target;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The room where a database is built.
 *
 * @param place folder, in words
 * @param freeBytes that may be used there
 */
public record Space(String place, long freeBytes) {
    /** Room for what else is written meanwhile. */
    private static final long SPARE_BYTES = 1 << 20;

    /** PostgreSQL writes its log in files of 16 MiB, and ends where it cannot make another one. */
    private static final long FULL_BYTES = (16 << 20) + SPARE_BYTES;

    /** That of a folder of this machine; empty where there is none of that name, or it may not be looked at. */
    public static Optional<Space> of(Path folder) {
        // a FileStore would want the mount point, which a chroot does not show
        File room = folder.toFile();
        return room.getTotalSpace() > 0
                ? Optional.of(new Space(folder.toString(), room.getUsableSpace()))
                : Optional.empty();
    }

    /** True where less is left than a server needs to go on. */
    public boolean isFull() {
        return freeBytes < FULL_BYTES;
    }

    /**
     * Refuses where the database does not fit.
     *
     * @param bytes that it takes
     * @param givenBack bytes that the present one gives back before: only in place
     */
    public void require(long bytes, long givenBack, boolean inPlace) throws Failure {
        long needed = bytes + SPARE_BYTES;
        long free = freeBytes + givenBack;
        if (free < needed) {
            throw new Failure(
                    ExitCode.SPACE,
                    "the restore needs " + needed + " bytes, " + place + " has " + free,
                    inPlace ? "make room there" : "make room there, or restore with --mode in-place");
        }
    }
}
