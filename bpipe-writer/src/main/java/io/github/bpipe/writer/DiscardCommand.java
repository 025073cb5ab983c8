package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bpipe-writer discard}: the former database is no longer needed. */
@Command(
        name = "discard",
        mixinStandardHelpOptions = true,
        description = "Removes the former database that a restore has kept. There is no way back.")
final class DiscardCommand implements Callable<Integer> {
    @Mixin
    private DatabaseOptions database;

    private final Surroundings surroundings;
    private final Messages messages;

    DiscardCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        messages.info(database.former(surroundings.environment()).discard() + " is removed");
        return ExitCode.OK.code();
    }
}
