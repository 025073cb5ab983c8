package io.github.bpipe.config;

import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bareos-config show}: a profile in words. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Explains a profile: what is saved, by which user, where the secret comes from, what a restore"
                + " would do.")
final class ShowCommand implements Callable<Integer> {
    @Option(names = "--profile", required = true, paramLabel = "NAME-OR-PATH", description = "The profile.")
    private String name;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;

    ShowCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws Failure {
        ProfileLoader loader = new ProfileLoader(surroundings.environment());
        Profile profile = loader.load(name);
        PrintWriter out = command.commandLine().getOut();
        out.println("profile " + profile.name() + " (" + loader.file(name) + ")");
        new Explanation(profile, System.getProperty("user.name")).lines().forEach(out::println);
        out.flush();
        return ExitCode.OK.code();
    }
}
