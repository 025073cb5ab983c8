package io.github.bpipe.config;

import io.github.bpipe.config.generate.OutputFolder;
import io.github.bpipe.config.generate.OutputFolder.Outcome;
import io.github.bpipe.config.generate.OutputFolder.Result;
import io.github.bpipe.config.init.CloudApplication;
import io.github.bpipe.config.init.NoAdministrator;
import io.github.bpipe.core.application.CloudKind;
import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.engine.SecretFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.ProfileLoader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code bareos-config init}: from an application to its profile. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Looks at a Nextcloud or an ownCloud, says what it found, and writes the profile that saves its"
                + " database and files; generic writes a commented profile for anything else. The options of the"
                + " connection are those of an administrative account; on the database's own host none is needed.")
final class InitCommand implements Callable<Integer> {
    private static final String GENERIC = "generic";

    @Parameters(
            arity = "1..2",
            paramLabel = "[nextcloud|owncloud] PATH | generic",
            description = "Folder of the application's programs.")
    private List<String> words;

    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            description = "The profile to write; without it it is named like the application.")
    private String profile;

    @Option(names = "--config", paramLabel = "DIR", description = "Folder of config.php, where it is not PATH/config.")
    private Path config;

    @Option(
            names = "--without-previews",
            description = "Leave out the previews of pictures; the application makes them again when it needs them.")
    private boolean withoutPreviews;

    @Mixin
    private ConnectionOptions connection;

    @Option(names = "--force", description = "Replace a profile that stands there with other contents.")
    private boolean force;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    InitCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        if (words.equals(List.of(GENERIC))) {
            try (InputStream text = InitCommand.class.getResourceAsStream("generic.yaml")) {
                write(GENERIC, new String(text.readAllBytes(), StandardCharsets.UTF_8));
            }
            return ExitCode.OK.code();
        }
        CloudApplication application = find();
        PrintWriter out = command.commandLine().getOut();
        application.found().forEach(line -> out.println("found: " + line));
        application.warnings().forEach(messages::warning);
        write(application.kind(), application.profile());
        return ExitCode.OK.code();
    }

    private CloudApplication find() throws IOException {
        String path = words.get(words.size() - 1);
        CloudKind asked = null;
        if (words.size() == 2) {
            Optional<CloudKind> named = CloudKind.find(words.get(0));
            asked = named.orElseThrow(() -> usage(
                    "unknown application " + words.get(0) + ", known are nextcloud, owncloud, generic",
                    "without a name the application is recognised: bareos-config init PATH"));
        } else if (CloudKind.find(path).isPresent()) {
            throw usage("no folder named", "name that of the application's programs: init " + path + " PATH");
        }
        Path root = Path.of(path);
        try {
            return CloudApplication.find(root, asked, config, connection, !withoutPreviews);
        } catch (NoAdministrator e) {
            if (!surroundings.inIsTerminal() || !surroundings.errIsTerminal()) {
                throw e;
            }
            connection.setOptionFile(ask(e));
            return CloudApplication.find(root, asked, config, connection, !withoutPreviews);
        }
    }

    /** Whoever sits there may know a file that nobody can find. */
    private Path ask(NoAdministrator unknown) throws IOException {
        messages.info(unknown.getMessage());
        messages.info("name " + unknown.file() + " with an administrative account (nothing gives up):");
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = surroundings.in().read();
                b >= 0 && b != '\n';
                b = surroundings.in().read()) {
            line.write(b);
        }
        String answer = line.toString(StandardCharsets.UTF_8).strip();
        if (answer.isEmpty()) {
            throw unknown;
        }
        Path file = Path.of(answer).toAbsolutePath();
        SecretFile.require(file, null);
        return file;
    }

    private void write(String usualName, String text) throws IOException {
        String name = profile != null ? profile : usualName;
        Path file = new ProfileLoader(surroundings.environment()).file(name).toAbsolutePath();
        PrintWriter out = command.commandLine().getOut();
        Outcome outcome =
                new OutputFolder(file.getParent(), force).put(file.getFileName().toString(), text);
        if (outcome.result() == Result.KEPT) {
            out.println(outcome.diff());
            out.flush();
            throw new Failure(
                    ExitCode.EXISTS,
                    file + " stands there with other contents",
                    "take over what you want from the diff on stdout, or replace it with --force");
        }
        out.println(outcome.result().name().toLowerCase(Locale.ROOT) + " " + file);
        out.println("next: bpipe-reader check --profile " + name);
        out.println("then: bareos-config generate --profile " + name + " --client NAME");
        out.flush();
    }

    private static Failure usage(String message, String hint) {
        return new Failure(ExitCode.USAGE, message, hint);
    }
}
