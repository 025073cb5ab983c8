package io.github.bpipe.core.engine;

import io.github.bpipe.core.process.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a dump program write to its pipe in pieces of what a pipe holds, by {@code stdbuf} of coreutils. The C library
 * gives a pipe a buffer of 4 KiB, so that half a gigabyte is 137,000 turns of two processes: with {@code mariadb-dump}
 * an eighth of the time of the whole dump.
 */
public final class LargeWrites {
    private static final String PROGRAM = "stdbuf";
    private static final String BUFFER = "--output=64K";

    private LargeWrites() {}

    /** The same command with large writes; as it is on a machine without that program. */
    public static Command wrap(Command command) {
        return wrap(command, ClientPrograms.pathFolders());
    }

    static Command wrap(Command command, List<Path> folders) {
        Optional<Path> program = folders.stream()
                .map(folder -> folder.resolve(PROGRAM))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return command;
        }
        List<String> arguments = new ArrayList<>(List.of(BUFFER, "--", command.program()));
        arguments.addAll(command.arguments());
        return new Command(program.get().toString(), arguments, command.environment());
    }
}
