package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bpipe-writer recover}: what the next run would do first, without that run. */
@Command(
        name = "recover",
        mixinStandardHelpOptions = true,
        description =
                "Clears up after a run that was killed: a switch that had happened is completed, one that had not is"
                        + " undone, and what was staged is removed. Every restore, rollback and discard begins with that.")
final class RecoverCommand implements Callable<Integer> {
    @Mixin
    private DatabaseOptions database;

    private final Surroundings surroundings;
    private final Messages messages;

    RecoverCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        List<String> done = database.former(surroundings.environment()).recover();
        done.forEach(messages::info);
        if (done.isEmpty()) {
            messages.info("no interrupted run has left anything");
        }
        return ExitCode.OK.code();
    }
}
