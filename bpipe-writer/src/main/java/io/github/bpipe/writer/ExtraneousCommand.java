package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.ExtraneousFiles.Entry;
import io.github.bpipe.core.file.ExtraneousList;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer extraneous}: what a restore has found that was not in the backup. */
@Command(
        name = "extraneous",
        mixinStandardHelpOptions = true,
        description = "Prints what the last restore of a profile has listed as extraneous: files and folders that are"
                + " there and did not come back with it. After a restore of only a part of the backup everything else is"
                + " listed: look before you remove.")
final class ExtraneousCommand implements Callable<Integer> {
    @Option(names = "--profile", paramLabel = "NAME-OR-PATH", required = true, description = "Whose files.")
    private String profileName;

    @Option(
            names = "--remove",
            description = "Remove them, except what has changed since, and folders that are not empty then.")
    private boolean remove;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;
    private long removed;
    private long left;

    ExtraneousCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        ExtraneousList list = new ExtraneousList(surroundings.environment(), ProfileLoader.name(profileName));
        list.forEach(entry -> {
            if (remove) {
                remove(entry);
            } else {
                out.println(Printable.text(entry.path()));
            }
        });
        if (remove) {
            out.println("removed " + removed + ", left " + left);
        }
        if (left > 0) {
            throw new Failure(
                    ExitCode.TARGET,
                    left + " listed files or folders were left alone",
                    "they have changed since the restore, or hold something that was not listed: look at them");
        }
        return ExitCode.OK.code();
    }

    private void remove(Entry entry) throws IOException {
        if (ExtraneousList.remove(entry)) {
            removed++;
        } else {
            left++;
            messages.warning("left alone: " + entry.path());
        }
    }
}
