package io.github.bpipe.writer.target;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
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

    /** That of a folder of this machine; empty where there is none of that name, or it may not be looked at. */
    public static Optional<Space> of(Path folder) {
        try {
            return Files.isDirectory(folder)
                    ? Optional.of(new Space(
                            folder.toString(), Files.getFileStore(folder).getUsableSpace()))
                    : Optional.empty();
        } catch (IOException e) {
            // nobody can say: a disk that is full all the same ends the load, and nothing is lost by that
            return Optional.empty();
        }
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
