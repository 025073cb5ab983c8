package io.github.bpipe.writer;

import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.MetricsOption;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.writer.drill.DrillPlaces;
import io.github.bpipe.writer.drill.DrillSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code bpipe-writer drill}: does the backup restore? */
@Command(
        name = "drill",
        mixinStandardHelpOptions = true,
        description =
                "Proves that the stream on stdin restores: into a throwaway server that is started for it from the"
                        + " installed server programs and removed again. Compares every object and every row count with what the"
                        + " stream promises, and asks the profile's own checks. The live database is never touched. Exit status"
                        + " 0: proven.")
final class DrillCommand implements Callable<Integer> {
    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            description = "Take checks and settings from /etc/bpipe/NAME.yaml, and record the drill among its runs.")
    private String profileName;

    @Option(
            names = "--engine",
            paramLabel = "E",
            description = "Refuse a stream of another engine than this; without it the stream decides.")
    private String engine;

    @Option(
            names = "--into-server",
            description = "Restore into a scratch database on the server of the connection (without options that of the"
                    + " profile), and drop it.")
    private boolean intoServer;

    @Mixin
    private ConnectionOptions connection;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description = "Where the throwaway server is made; without it the profile's drill.folder, or /var/tmp.")
    private Path folder;

    @Option(
            names = "--server-programs",
            paramLabel = "DIR",
            description = "Folder of the server's own programs; without it where packages put them.")
    private Path programs;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report as JSON into this file.")
    private Path json;

    @Option(
            names = "--html",
            paramLabel = "FILE",
            description = "Write the report as a page that needs no network into this file; with a profile both reports"
                    + " of the last drill stand in /var/lib/bpipe/NAME otherwise.")
    private Path html;

    @Mixin
    private MetricsOption metrics;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    DrillCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    @Override
    public Integer call() throws IOException {
        metrics.requireProfile(profileName);
        Connection named = connection.over(Connection.DEFAULT);
        if (!intoServer && !named.equals(onlyClients(named.clients()))) {
            throw new Failure(
                    ExitCode.USAGE,
                    "a throwaway server has no connection to choose",
                    "leave the options of the connection out, or drill into that server with --into-server");
        }
        DrillRun run = new DrillRun(
                surroundings,
                messages,
                command.commandLine().getOut(),
                engine == null ? null : DatabaseOptions.engine(engine),
                this::places);
        try {
            run.run(profileName, json, html);
        } finally {
            if (profileName != null) {
                metrics.write(profileName, surroundings.environment(), messages::warning);
            }
        }
        return ExitCode.OK.code();
    }

    /** What a drill needs whom nobody has given options: a throwaway server, and what the profile says. */
    static DrillPlaces usual(Profile profile) {
        return new DrillPlaces(
                DrillSettings.of(
                        profile, null, null, profile.restoreConnection().clients()),
                null,
                null);
    }

    private DrillPlaces places(Profile profile) {
        Connection all = connection.over(profile == null ? Connection.DEFAULT : profile.restoreConnection());
        PostgresCreation create = profile == null || profile.restore().create() == null
                ? PostgresCreation.RECORDED
                : profile.restore().create();
        return new DrillPlaces(
                DrillSettings.of(profile, folder, programs, all.clients()), intoServer ? all : null, create);
    }

    private static Connection onlyClients(Path clients) {
        return new Connection(null, null, null, null, null, null, clients);
    }
}
