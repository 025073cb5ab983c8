package io.github.bpipe.core.cli;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.hook.HookJob;
import io.github.bpipe.core.hook.HookPoint;
import io.github.bpipe.core.hook.HookRunner;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hook} of both programs: the application's own commands around a job. */
@Command(
        name = "hook",
        mixinStandardHelpOptions = true,
        description =
                "Runs the profile's hooks of one point: of bpipe-reader pre-backup and post-backup, of bpipe-writer"
                        + " pre-restore and post-restore. What they say is printed, and recorded for report.")
public final class HookCommand implements Callable<Integer> {
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);

    @Parameters(paramLabel = "POINT", description = "When: before (pre-) or after (post-) the job.")
    private String point;

    @Option(names = "--profile", paramLabel = "NAME-OR-PATH", required = true, description = "Whose hooks.")
    private String profileName;

    @Option(names = "--job", paramLabel = "ID", description = "Number of the job (Bareos' %%i).")
    private String job;

    @Spec
    private CommandSpec command;

    private final RunKind kind;
    private final Surroundings surroundings;
    private final Messages messages;

    /** Runs the hooks around runs of that kind. */
    public HookCommand(RunKind kind, Surroundings surroundings, Messages messages) {
        this.kind = kind;
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        HookPoint chosen = HookPoint.find(kind, point)
                .orElseThrow(() -> new Failure(
                        ExitCode.USAGE,
                        "unknown point " + point + ", known are "
                                + Arrays.stream(HookPoint.values())
                                        .filter(each -> each.kind() == kind)
                                        .map(HookPoint::id)
                                        .collect(Collectors.joining(", ")),
                        "give one of them"));
        ProfileLoader loader = new ProfileLoader(surroundings.environment());
        Profile profile = loader.load(profileName);
        Path file = loader.file(profileName).toAbsolutePath();
        HookRunner runner = new HookRunner(new HookJob(chosen, profile, file, job, surroundings.environment()));
        try (Interruption interruption = new Interruption("hook", runner::end, TIME_TO_END, messages)) {
            try {
                runner.run(chosen.of(profile));
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.HOOK);
            }
        } finally {
            runner.lines().forEach(line -> command.commandLine().getOut().println(Printable.text(line)));
            new RunJournal(surroundings.environment(), kind, profile.name())
                    .note(job, runner.lines(), messages::warning);
        }
        return ExitCode.OK.code();
    }
}
