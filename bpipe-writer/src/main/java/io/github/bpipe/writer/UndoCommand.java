package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.hook.HooksAround;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bpipe-writer undo}: the whole application back from a snapshot. */
@Command(
        name = "undo",
        mixinStandardHelpOptions = true,
        description =
                "Brings back what bpipe-reader snapshot saved, between the hooks for a restore: files that are not in"
                        + " the snapshot are removed, others get their contents, owners, modes, access control lists and times"
                        + " again, the database is restored and switched. A snapshot that is not whole is refused before anything"
                        + " is touched. Broken off, it is completed by running it again.")
final class UndoCommand implements Callable<Integer> {
    @Option(names = "--profile", paramLabel = "NAME-OR-PATH", required = true, description = "Whose application.")
    private String profileName;

    @Option(names = "--from", paramLabel = "DIR", required = true, description = "The folder of the snapshot.")
    private Path from;

    private final Surroundings surroundings;
    private final Messages messages;

    UndoCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> environment = surroundings.environment();
        RunJournal journal = new RunJournal(environment, RunKind.RESTORE, ProfileLoader.name(profileName));
        ProfileLoader loader = new ProfileLoader(environment);
        Profile profile = loader.load(profileName);
        HooksAround hooks = new HooksAround(profile, loader.file(profileName).toAbsolutePath());
        Undo undo = new Undo(profile, hooks, environment, messages);
        try {
            journal.run(null, messages::warning, () -> undo.run(from));
            // when it is recorded what came back, for those that ask
            undo.open();
        } finally {
            hooks.lines().forEach(messages::info);
            journal.note(null, hooks.lines(), messages::warning);
        }
        return ExitCode.OK.code();
    }
}
