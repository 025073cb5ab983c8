package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code bpipe-writer rollback}: back to the database that the last restore replaced. */
@Command(
        name = "rollback",
        mixinStandardHelpOptions = true,
        description = "Puts the former database back in the place of the live one, atomically; what was live is kept as"
                + " the former one, so that the same again undoes it.")
final class RollbackCommand implements Callable<Integer> {
    @Mixin
    private DatabaseOptions database;

    private final Surroundings surroundings;
    private final Messages messages;

    RollbackCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        SwitchReport report = database.former(surroundings.environment()).rollback();
        report.warnings().forEach(messages::warning);
        messages.info(String.format(
                "the former database is live again as %s; not usable for %.2f s%s",
                report.live(),
                report.unusable().toMillis() / 1e3,
                report.former() == null ? "" : "; what was live is kept as " + report.former()));
        return ExitCode.OK.code();
    }
}
