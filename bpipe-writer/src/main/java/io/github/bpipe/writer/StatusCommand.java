package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.writer.target.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer status}: what have restores left? */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Says what stands there: the live database, the former one that a restore replaced, and what"
                + " interrupted runs have left. Changes nothing, and works while a restore runs.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DatabaseOptions database;

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;

    StatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException {
        Status status = database.former(surroundings.environment()).status();
        var out = command.commandLine().getOut();
        if (json) {
            out.println(Json.pretty(status));
        } else {
            sentences(status).forEach(sentence -> out.println(Printable.text(sentence)));
        }
        return ExitCode.OK.code();
    }

    private static List<String> sentences(Status status) {
        List<String> sentences = new ArrayList<>();
        if (status.busy()) {
            sentences.add("a writer works on " + status.live() + " at this moment");
        }
        if (status.halfRestored()) {
            sentences.add(status.live() + " is half restored: an in-place restore "
                    + (status.busy() ? "is under way" : "did not finish; restore it again"));
        } else {
            sentences.add(status.live() + (status.exists() ? " is live" : " does not exist"));
        }
        if (status.former() == null) {
            sentences.add("no former database is kept");
        } else {
            sentences.add("the former database is kept as " + status.former() + ": live until " + status.since()
                    + ", replaced by " + status.replacedBy());
        }
        for (String leftover : status.leftovers()) {
            sentences.add(
                    status.busy()
                            ? leftover + " belongs to the writer at work"
                            : leftover + " is left of an interrupted run; bpipe-writer recover, or the next"
                                    + " restore, rollback or discard, clears it up");
        }
        return sentences;
    }
}
