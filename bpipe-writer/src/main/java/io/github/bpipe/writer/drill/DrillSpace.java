package io.github.bpipe.writer.drill;

import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.engine.DatabaseSize;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.Space;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Whether the folder of a drill has room for the database of a stream. */
final class DrillSpace {
    private DrillSpace() {}

    /** Refuses a folder that is not there. */
    static void requireFolder(Path folder) throws Failure {
        if (!Files.isDirectory(folder)) {
            throw new Failure(
                    ExitCode.TARGET,
                    "there is no folder " + folder + " to drill in",
                    "create it, or name another one with --folder or drill.folder in the profile");
        }
    }

    /**
     * Refuses where it provably does not fit.
     *
     * @param serverBytes that a server takes without any database
     */
    static void require(Header header, Path folder, long serverBytes) throws Failure {
        requireFolder(folder);
        long database = DatabaseSize.of(header).orElse(0);
        Optional<Space> space = Space.of(folder);
        if (space.isPresent() && space.get().freeBytes() < database + serverBytes) {
            throw new Failure(
                    ExitCode.SPACE,
                    "the drill needs " + Sizes.text(database + serverBytes) + " ("
                            + (database == 0
                                    ? "and what the database takes"
                                    : Sizes.text(database) + " of them for the database")
                            + "), " + folder + " has " + Sizes.text(space.get().freeBytes()),
                    "make room there, or name another folder with --folder or drill.folder in the profile");
        }
    }
}
