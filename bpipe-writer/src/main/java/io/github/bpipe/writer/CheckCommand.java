package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Interruption;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.MetricsOption;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.writer.target.Target;
import io.github.bpipe.writer.target.TargetOptions;
import io.github.bpipe.writer.target.Targets;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer check}: could a restore begin now? */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description = "Proves that a restore of the profile's database can begin: connection, privileges, client"
                + " programs, nobody else restoring it, no former database in the way, an empty staged copy can be made"
                + " (and is removed), for SQLite the space for a copy as large as the live file. What depends on the"
                + " stream is proven by the restore itself. Opens the record that report shows.")
final class CheckCommand implements Callable<Integer> {
    private static final Duration TIME_TO_END = Duration.ofSeconds(5);

    @Option(names = "--profile", paramLabel = "NAME-OR-PATH", required = true, description = "Whose database.")
    private String profileName;

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "Number of the job that the restore is for (Bareos' %%i).")
    private String job;

    @Mixin
    private MetricsOption metrics;

    @Option(
            names = "--record-only",
            description = "Prove nothing, only open the record: for a restore that writes a file elsewhere.")
    private boolean recordOnly;

    @Option(
            names = "--drill",
            description =
                    "Prove that a drill can begin, and no restore: the server programs for a throwaway server, and the"
                            + " folder for it. Opens the record of the drill.")
    private boolean drill;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    CheckCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> environment = surroundings.environment();
        RunKind kind = drill ? RunKind.DRILL : RunKind.RESTORE;
        try {
            new RunJournal(environment, kind, ProfileLoader.name(profileName)).check(job, () -> {
                if (!recordOnly) {
                    check(new ProfileLoader(environment).load(profileName));
                }
            });
        } finally {
            metrics.write(profileName, environment, messages::warning);
        }
        return ExitCode.OK.code();
    }

    private void check(Profile profile) throws IOException {
        if (drill) {
            DrillCommand.usual(profile).check(profile.engine());
            can("a drill", profile);
            return;
        }
        Target target = Targets.of(profile.engine(), options(profile));
        try (target;
                Interruption interruption = new Interruption("check", target::close, TIME_TO_END, messages)) {
            try {
                target.prepare(TrialHeader.of(profile));
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.TARGET);
            }
        }
        can("a restore", profile);
    }

    private void can(String what, Profile profile) {
        command.commandLine()
                .getOut()
                .printf("bpipe-writer %s: %s of %s can begin%n", profile.name(), what, profile.database());
    }

    /**
     * As the restore will have them, but never in place: what that begins with must not happen in a check. Only MariaDB
     * and MySQL begin it without doing anything, and need it where a server cannot switch.
     */
    private static TargetOptions options(Profile profile) {
        Profile.Restore restore = profile.restore();
        boolean inPlace = RestoreOptions.IN_PLACE.equals(restore.mode());
        return new TargetOptions(
                restore.connection() != null ? restore.connection() : profile.connection(),
                profile.database(),
                inPlace && profile.engine().isMySqlFamily(),
                !inPlace && !Boolean.FALSE.equals(restore.keepPrevious()),
                true,
                false);
    }
}
