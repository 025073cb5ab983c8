package io.github.bpipe.config;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Program;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.cli.Version;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The command line of {@code bareos-config}. */
@Command(
        name = "bareos-config",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Writes profiles; generates, checks and explains the Bareos configuration around bpipe-reader and bpipe-writer.",
        footer = {
            "",
            "Examples:",
            "  bareos-config init /var/www/nextcloud",
            "  bareos-config show --profile nextcloud",
            "  bareos-config generate --profile nextcloud --client cloud-fd --output /etc/bareos",
            "  bareos-config lint /etc/bareos"
        })
final class ConfigCommand implements Callable<Integer> {
    private ConfigCommand() {}

    /** Runs a whole command line and returns the exit status. */
    static int run(Surroundings surroundings, String... args) {
        return program(surroundings).run(args);
    }

    /** The program, ready to run a command line. */
    static Program program(Surroundings surroundings) {
        Messages messages = new Messages("bareos-config", surroundings);
        List<Object> subcommands = List.of(
                new InitCommand(surroundings, messages),
                new GenerateCommand(surroundings, messages),
                new LintCommand(),
                new ShowCommand(surroundings));
        return new Program(new ConfigCommand(), subcommands, surroundings, messages, failure -> {});
    }

    @Override
    public Integer call() throws Failure {
        throw new Failure(
                ExitCode.USAGE,
                "nothing to do: init, generate, lint or show?",
                "bareos-config --help lists the options");
    }
}
