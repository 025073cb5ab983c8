package io.github.bpipe.reader;

import io.github.bpipe.core.cli.HookCommand;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.MetricsOption;
import io.github.bpipe.core.cli.Program;
import io.github.bpipe.core.cli.ReleaseCommand;
import io.github.bpipe.core.cli.ReportCommand;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.cli.Version;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.StagedFile;
import io.github.bpipe.core.job.BareosJob;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.core.stream.Abort;
import io.github.bpipe.core.stream.StreamEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The command line of {@code bpipe-reader}. */
@Command(
        name = "bpipe-reader",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints a consistent dump of one live database to stdout, as a stream that proves itself whole.",
        footer = {
            "",
            "Examples:",
            "  bpipe-reader --engine mariadb --database nextcloud > nextcloud.sql.zst",
            "  bpipe-reader --engine sqlite --database /srv/app.db --output app.db.zst",
            "  bpipe-reader --profile nextcloud | bpipe-writer --into nextcloud_copy",
            "  bpipe-reader check --profile nextcloud",
            "  bpipe-reader report --profile nextcloud"
        })
final class ReaderCommand implements Callable<Integer> {
    @Mixin
    private DumpChoice choice;

    @Option(
            names = "--output",
            paramLabel = "FILE",
            description = "Write to this file instead of stdout; it appears only when it is complete.")
    private Path output;

    @Mixin
    private MetricsOption metrics;

    @Option(names = "--progress", description = "Print a line of progress every 30 s where stderr is not a terminal.")
    private boolean progress;

    private final Surroundings surroundings;
    private final Messages messages;
    /** True once somebody else is responsible for ending the stream. */
    private boolean streamBegun;

    private ReaderCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    /** Runs a whole command line and returns the exit status. */
    static int run(Surroundings surroundings, String... args) {
        return program(surroundings).run(args);
    }

    /** The program, ready to run a command line. */
    static Program program(Surroundings surroundings) {
        Messages messages = new Messages("bpipe-reader", surroundings);
        ReaderCommand command = new ReaderCommand(surroundings, messages);
        List<Object> subcommands = List.of(
                new CheckCommand(surroundings, messages),
                new ReportCommand(surroundings, RunKind.BACKUP),
                new HookCommand(RunKind.BACKUP, surroundings, messages),
                new SnapshotCommand(surroundings, messages),
                new ReleaseCommand(surroundings, messages),
                new ExplainCommand());
        return new Program(command, subcommands, surroundings, messages, command::abortUnlessBegun);
    }

    @Override
    public Integer call() throws IOException {
        if (output == null) {
            refuseTerminal();
        }
        metrics.requireProfile(choice.profileName());
        if (choice.profileName() == null) {
            dump();
        } else {
            Map<String, String> environment = surroundings.environment();
            String name = ProfileLoader.name(choice.profileName());
            try {
                new RunJournal(environment, RunKind.BACKUP, name)
                        .run(BareosJob.of(environment), messages::warning, this::dump);
            } finally {
                metrics.write(choice.profileName(), environment, messages::warning);
            }
        }
        return ExitCode.OK.code();
    }

    private RunSummary dump() throws IOException {
        DumpOptions options = choice.options(surroundings.environment());
        Dump dump = new Dump(options, surroundings.environment(), messages);
        try (Progress shown = new Progress(messages, progress, Progress.LOG_PERIOD)) {
            if (output == null) {
                streamBegun = true;
                return dump.run(surroundings.out(), shown);
            }
            try (StagedFile file = new StagedFile(output)) {
                RunSummary summary = dump.run(file.out(), shown);
                file.commit();
                return summary.in(output.toAbsolutePath().toString());
            }
        }
    }

    private void refuseTerminal() throws Failure {
        if (surroundings.outIsTerminal()) {
            throw usage(
                    "stdout is a terminal, and a stream is no text",
                    "redirect it (> FILE), pipe it into bpipe-writer, or use --output FILE");
        }
    }

    /**
     * Ends the output with the reason of a failure that came before the stream was begun: a reader that fails without
     * any output can crash a storage daemon.
     */
    private void abortUnlessBegun(Failure failure) {
        if (streamBegun || output != null || surroundings.outIsTerminal()) {
            return;
        }
        try (StreamEncoder encoder = new StreamEncoder(surroundings.out(), 1, 1, () -> {})) {
            encoder.abort(new Abort(failure.exitCode().code(), failure.getMessage(), failure.hint()));
        } catch (IOException e) {
            messages.error(new Failure(
                    ExitCode.OUTPUT, "the reason could not be written to stdout either: " + e.getMessage(), null, e));
        }
    }

    private static Failure usage(String message, String hint) {
        return new Failure(ExitCode.USAGE, message, hint);
    }
}
