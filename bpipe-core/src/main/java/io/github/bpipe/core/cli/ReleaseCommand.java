package io.github.bpipe.core.cli;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.lease.Closing;
import io.github.bpipe.core.lease.Lease;
import io.github.bpipe.core.lease.LeaseFile;
import io.github.bpipe.core.lease.LeaseRelease;
import io.github.bpipe.core.process.ProgramRunner;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-reader release}: opens what a job has closed and does not open any more. */
@Command(
        name = "release",
        mixinStandardHelpOptions = true,
        description = "Opens an application that a job has closed and not opened again: starts the services that it has"
                + " stopped, and switches off the maintenance mode that it has switched on; never an administrator's.")
public final class ReleaseCommand implements Callable<Integer> {
    private static final Duration LIMIT = Duration.ofMinutes(10);
    private static final Duration TIME_TO_END = Duration.ofSeconds(10);

    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            description = "Whose application; without it all that jobs have closed.")
    private String profileName;

    @Option(
            names = "--expired",
            description = "Only where its time is over, or the machine was started anew; a restore that has not ended"
                    + " well stays closed. This is what the timer of systemd runs.")
    private boolean expired;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    public ReleaseCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        if (profileName != null) {
            ProfileLoader loader = new ProfileLoader(surroundings.environment());
            release(loader.file(profileName).toAbsolutePath());
            return ExitCode.OK.code();
        }
        if (!expired) {
            throw new Failure(ExitCode.USAGE, "no profile named", "give --profile NAME, or --expired");
        }
        Failure last = null;
        for (String name : LeaseFile.profiles(surroundings.environment())) {
            try {
                Optional<Path> file = profileOf(name);
                if (file.isPresent()) {
                    release(file.get());
                }
            } catch (IOException e) {
                Failure failure = Failure.of(e);
                if (last != null) {
                    messages.error(last);
                }
                last = failure;
            }
        }
        if (last != null) {
            throw last;
        }
        return ExitCode.OK.code();
    }

    private Optional<Path> profileOf(String name) throws IOException {
        try (LeaseFile file = LeaseFile.open(surroundings.environment(), name)) {
            return file.read().map(Lease::profile);
        }
    }

    private void release(Path profileFile) throws IOException {
        Profile profile = new ProfileLoader(surroundings.environment()).load(profileFile.toString());
        if (profile.application() == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the profile " + profile.name() + " names no application",
                    "name the profile whose hooks have closed it");
        }
        PrintWriter out = command.commandLine().getOut();
        ProgramRunner runner = new ProgramRunner();
        Closing closing = new Closing(
                profile,
                profileFile,
                surroundings.environment(),
                runner,
                LIMIT,
                line -> out.println(Printable.text(profile.name() + ": " + line)));
        try (Interruption interruption = new Interruption("release", runner::end, TIME_TO_END, messages)) {
            try {
                LeaseRelease release = new LeaseRelease(closing);
                if (expired) {
                    release.expired();
                } else {
                    release.now();
                }
            } catch (IOException | RuntimeException e) {
                throw interruption.explain(e, ExitCode.HOOK);
            }
        }
    }
}
