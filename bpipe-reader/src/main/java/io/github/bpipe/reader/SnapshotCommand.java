package io.github.bpipe.reader;

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

/** {@code bpipe-reader snapshot}: the whole application in a folder. */
@Command(
        name = "snapshot",
        mixinStandardHelpOptions = true,
        description = "Saves the profile's files and database of one moment into a folder of this machine, between the"
                + " hooks for a backup: before an upgrade, without a Bareos server. The files share their blocks with the"
                + " live ones where the file system can; every one is compared. bpipe-writer undo brings it all back.")
final class SnapshotCommand implements Callable<Integer> {
    @Option(names = "--profile", paramLabel = "NAME-OR-PATH", required = true, description = "What to save.")
    private String profileName;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "A folder that does not exist yet; it appears only when it is complete.")
    private Path target;

    private final Surroundings surroundings;
    private final Messages messages;

    SnapshotCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> environment = surroundings.environment();
        RunJournal journal = new RunJournal(environment, RunKind.BACKUP, ProfileLoader.name(profileName));
        ProfileLoader loader = new ProfileLoader(environment);
        Profile profile = loader.load(profileName);
        HooksAround hooks = new HooksAround(profile, loader.file(profileName).toAbsolutePath());
        Snapshot snapshot = new Snapshot(profile, hooks, environment, messages);
        try {
            journal.run(null, messages::warning, () -> snapshot.make(target));
        } finally {
            hooks.lines().forEach(messages::info);
            journal.note(null, hooks.lines(), messages::warning);
        }
        return ExitCode.OK.code();
    }
}
