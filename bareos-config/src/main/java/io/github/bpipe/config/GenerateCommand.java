package io.github.bpipe.config;

import io.github.bpipe.config.generate.Application;
import io.github.bpipe.config.generate.Application.Database;
import io.github.bpipe.config.generate.Dialect;
import io.github.bpipe.config.generate.GeneratedFile;
import io.github.bpipe.config.generate.Generator;
import io.github.bpipe.config.generate.Method;
import io.github.bpipe.config.generate.NewClient;
import io.github.bpipe.config.generate.OutputFolder;
import io.github.bpipe.config.generate.OutputFolder.Outcome;
import io.github.bpipe.config.generate.OutputFolder.Result;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bareos-config generate}: from profiles to configuration files. */
@Command(
        name = "generate",
        mixinStandardHelpOptions = true,
        description = "Writes FileSet, Jobs, Client and plugin settings for one application and its databases."
                + " Without --output everything is printed. What stands in a folder already is shown as a diff and"
                + " kept, unless --force is given.")
final class GenerateCommand implements Callable<Integer> {
    private static final String DRILL_SCHEDULE = "sun at 05:30";

    @Option(
            names = "--profile",
            required = true,
            paramLabel = "NAME-OR-PATH",
            description = "A database of the application; may be repeated.")
    private List<String> profiles;

    @Option(
            names = "--client",
            required = true,
            paramLabel = "NAME",
            description = "The client that has the application.")
    private String client;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "Name of the application in all resources; without it that of the first profile.")
    private String name;

    @Option(names = "--output", paramLabel = "DIR", description = "Write into this folder, for example /etc/bareos.")
    private Path output;

    @ArgGroup
    private Daemon daemon = new Daemon();

    @Option(
            names = "--method",
            paramLabel = "M",
            description = "bpipe (default): stream; dump-file: dump to a file, then save it; offline: stop services.")
    private String method = Method.BPIPE.toString();

    @Option(
            names = "--create-client",
            paramLabel = "ADDRESS",
            description =
                    "Also write the Client for the director and the Director for the file daemon, with a new random"
                            + " password; one that stands in the output folder is used again.")
    private String address;

    @Option(
            names = "--drill",
            description = "Also write jobs that prove every week that the newest backup restores; a profile that has"
                    + " drill.schedule needs no option.")
    private boolean drill;

    @Option(names = "--force", description = "Replace files that stand there with other contents.")
    private boolean force;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    GenerateCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    /** For whom. */
    private static final class Daemon {
        @Option(names = "--bareos", paramLabel = "VERSION", description = "Bareos 20 to 26, default ${DEFAULT-VALUE}.")
        private String bareos = "25";

        @Option(names = "--bacula", description = "Bacula 9.6, as Debian packages it.")
        private boolean bacula;
    }

    @Override
    public Integer call() throws IOException {
        Dialect dialect = daemon.bacula ? Dialect.BACULA : Dialect.bareos(daemon.bareos);
        Application application = application();
        List<GeneratedFile> files =
                Generator.generate(application, client, dialect, chosenMethod(), newClient(dialect));
        if (output == null) {
            print(files);
            return ExitCode.OK.code();
        }
        return write(files);
    }

    private void print(List<GeneratedFile> files) {
        PrintWriter out = command.commandLine().getOut();
        files.forEach(file -> out.print("# ==> " + file.path() + "\n" + file.text() + "\n"));
        out.flush();
    }

    private int write(List<GeneratedFile> files) throws IOException {
        PrintWriter out = command.commandLine().getOut();
        OutputFolder folder = new OutputFolder(output, force);
        List<Path> kept = new ArrayList<>();
        for (GeneratedFile file : files) {
            Outcome outcome = folder.put(file);
            if (!outcome.diff().isEmpty()) {
                out.println(outcome.diff());
            }
            messages.info(outcome.result().name().toLowerCase(Locale.ROOT) + " " + outcome.file());
            if (outcome.result() == Result.KEPT) {
                kept.add(outcome.file());
            }
        }
        out.flush();
        if (kept.isEmpty()) {
            return ExitCode.OK.code();
        }
        throw new Failure(
                ExitCode.EXISTS,
                kept.size() + " of " + files.size() + " files stand there with other contents: " + kept.get(0)
                        + (kept.size() > 1 ? " ..." : ""),
                "take over what you want from the diff on stdout, or replace them with --force");
    }

    private Application application() throws Failure {
        ProfileLoader loader = new ProfileLoader(surroundings.environment());
        List<Database> databases = new ArrayList<>();
        for (String nameOrPath : profiles) {
            Profile profile = loader.load(nameOrPath);
            if (databases.stream().anyMatch(other -> other.profile().name().equals(profile.name()))) {
                throw new Failure(
                        ExitCode.USAGE,
                        "the profile " + profile.name() + " is given twice",
                        "profiles of one application need different names");
            }
            databases.add(new Database(
                    profile,
                    argument(loader, nameOrPath),
                    loader.file(nameOrPath).toAbsolutePath()));
        }
        return new Application(
                name != null ? name : databases.get(0).profile().name(), databases, drillSchedule(databases));
    }

    private String drillSchedule(List<Database> databases) {
        return databases.stream()
                .map(database -> database.profile().drill())
                .filter(each -> each != null && each.schedule() != null)
                .map(Profile.Drill::schedule)
                .findFirst()
                .orElse(drill ? DRILL_SCHEDULE : null);
    }

    /** The daemon finds a profile by name only in the usual folder: it does not know our environment. */
    private static String argument(ProfileLoader loader, String nameOrPath) {
        Path file = loader.file(nameOrPath).toAbsolutePath().normalize();
        boolean usual = file.equals(ProfileLoader.DEFAULT_FOLDER.resolve(file.getFileName()));
        return usual ? file.getFileName().toString().replaceFirst("\\.yaml$", "") : file.toString();
    }

    private Method chosenMethod() throws Failure {
        for (Method known : Method.values()) {
            if (known.toString().equals(method)) {
                return known;
            }
        }
        throw new Failure(
                ExitCode.USAGE,
                "unknown method " + method + ", known are bpipe, dump-file, offline",
                "give one of them");
    }

    private NewClient newClient(Dialect dialect) throws Failure {
        if (address == null) {
            return null;
        }
        return NewClient.at(address, output == null ? null : output.resolve(Generator.clientFile(dialect, client)));
    }
}
