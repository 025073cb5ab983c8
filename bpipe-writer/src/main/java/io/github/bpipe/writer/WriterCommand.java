package io.github.bpipe.writer;

import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.cli.HookCommand;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.MetricsOption;
import io.github.bpipe.core.cli.Program;
import io.github.bpipe.core.cli.ReportCommand;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.cli.Version;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.BareosJob;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.writer.target.Extent;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command line of {@code bpipe-writer}. */
@Command(
        name = "bpipe-writer",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Recreates a database from a stream of bpipe-reader on stdin: a copy is built beside the live"
                + " database, checked, and only then put in its place.",
        footer = {
            "",
            "Examples:",
            "  bpipe-writer < nextcloud.sql.zst",
            "  bpipe-writer --into nextcloud_copy < nextcloud.sql.zst",
            "  bpipe-writer --only 'oc_cal*' --into nextcloud_calendars < nextcloud.sql.zst",
            "  bpipe-writer verify < nextcloud.sql.zst"
        })
final class WriterCommand implements Callable<Integer> {
    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            description = "Read what follows from /etc/bpipe/NAME.yaml; options override it.")
    private String profileName;

    @Option(
            names = "--engine",
            paramLabel = "E",
            description = "Refuse a stream of another engine than this; without it the stream decides.")
    private String engine;

    @Mixin
    private ConnectionOptions connection;

    @Option(
            names = "--into",
            paramLabel = "NAME-OR-FILE",
            description = "The database to recreate; without it the one that the stream was made from.")
    private String into;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "TABLE",
            description =
                    "Restore just these tables, with * for anything (schema.table on PostgreSQL): into the live database"
                            + " in the place of its own, whose other tables stay, or with --into into another one.")
    private List<String> only = List.of();

    @Option(
            names = "--ignore-dependents",
            description =
                    "With --only into the live database: go on although views, routines, triggers or rows of other"
                            + " tables would not fit the restored tables; what cannot be kept in order is refused all the same.")
    private boolean ignoreDependents;

    @Mixin
    private RestoreOptions options;

    @Mixin
    private MetricsOption metrics;

    @Option(
            names = "--where",
            paramLabel = "DIR",
            description =
                    "Bareos' where (%%w): anything but empty and / leaves the live database alone. /bpipe/into/NAME"
                            + " restores into a database NAME, /bpipe/only/TABLE,TABLE these tables into one named after the"
                            + " job, /bpipe/drill drills; any other folder gets the stream as a file.")
    private String where;

    @Option(
            names = "--replace",
            paramLabel = "a|n|w|o",
            description = "Bareos' replace (%%r): n refuses where the database exists; w and o cannot be decided for a"
                    + " database and count as n.")
    private String replace;

    @Spec
    private CommandSpec command;

    private final Surroundings surroundings;
    private final Messages messages;

    private WriterCommand(Surroundings surroundings, Messages messages) {
        this.surroundings = surroundings;
        this.messages = messages;
    }

    /** Runs a whole command line and returns the exit status. */
    static int run(Surroundings surroundings, String... args) {
        return program(surroundings).run(args);
    }

    /** The program, ready to run a command line. */
    static Program program(Surroundings surroundings) {
        Messages messages = new Messages("bpipe-writer", surroundings);
        WriterCommand command = new WriterCommand(surroundings, messages);
        List<Object> subcommands = List.of(
                new VerifyCommand(surroundings),
                new InspectCommand(surroundings),
                new CatCommand(surroundings),
                new ExtractCommand(surroundings, messages),
                new DiffCommand(surroundings),
                new DrillCommand(surroundings, messages),
                new StatusCommand(surroundings),
                new RollbackCommand(surroundings, messages),
                new DiscardCommand(surroundings, messages),
                new RecoverCommand(surroundings, messages),
                new CheckCommand(surroundings, messages),
                new AfterCommand(surroundings),
                new ExtraneousCommand(surroundings, messages),
                new ReportCommand(surroundings, RunKind.RESTORE, RunKind.DRILL),
                new HookCommand(RunKind.RESTORE, surroundings, messages),
                new UndoCommand(surroundings, messages),
                new ScanFilesCommand(surroundings, messages));
        return new Program(command, subcommands, surroundings, messages, failure -> {});
    }

    @Override
    public Integer call() throws IOException {
        metrics.requireProfile(profileName);
        if (BareosChoice.isDrill(where, surroundings.environment())) {
            drill();
        } else if (profileName == null) {
            restore();
        } else {
            Map<String, String> environment = surroundings.environment();
            try {
                new RunJournal(environment, RunKind.RESTORE, ProfileLoader.name(profileName))
                        .run(BareosJob.of(environment), messages::warning, this::restore);
            } finally {
                metrics.write(profileName, environment, messages::warning);
            }
        }
        return ExitCode.OK.code();
    }

    private void drill() throws IOException {
        if (profileName == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "a drill by Where = " + ReservedWhere.DRILL + " needs a profile",
                    "give --profile NAME, or use bpipe-writer drill");
        }
        try {
            new DrillRun(surroundings, messages, command.commandLine().getOut(), null, DrillCommand::usual)
                    .run(profileName, null, null);
        } finally {
            metrics.write(profileName, surroundings.environment(), messages::warning);
        }
    }

    private RunSummary restore() throws IOException {
        Profile profile = profileName == null ? null : new ProfileLoader(surroundings.environment()).load(profileName);
        BareosChoice choice = BareosChoice.of(where, replace, surroundings.environment());
        choice.undecidable()
                .ifPresent(letter -> messages.warning("replace " + letter
                        + " compares ages, which a database does not have: an existing one is left alone"));
        if (choice.reserved().isPresent()) {
            return reserved(choice.reserved().get(), profile, choice);
        }
        boolean scratch = choice.folder().isPresent()
                && profile != null
                && profile.restore().where() == Profile.Restore.Where.SCRATCH;
        if (choice.folder().isPresent() && !scratch) {
            RunSummary written =
                    new StreamFile(choice.folder().get(), choice.replaceExisting()).write(surroundings.in());
            messages.info("no database was touched; the stream is complete in " + written.file());
            return written;
        }
        String target = into != null ? into : scratch ? beside(profile).scratch() : null;
        return restore(profile, choice, target, only);
    }

    /** A special restore, which never touches the live database. */
    private RunSummary reserved(ReservedWhere asked, Profile profile, BareosChoice choice) throws IOException {
        if (profile == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "a where below /bpipe/ needs a profile, which says what the live database is",
                    "name it with --profile in the writer's command");
        }
        return switch (asked.word()) {
            case DRILL -> throw new IllegalStateException("a drill is no restore");
            case INTO -> restore(profile, choice, beside(profile).chosen(asked.argument()), only);
            case ONLY -> restore(profile, choice, beside(profile).picked(), asked.tables());
        };
    }

    /** @param target name or file, or null for the profile's, or else the stream's own */
    private RunSummary restore(Profile profile, BareosChoice choice, String target, List<String> tables)
            throws IOException {
        boolean live = target == null || (profile != null && beside(profile).isLive(target));
        Extent extent = tables.isEmpty() || !live
                ? Extent.DATABASE
                : ignoreDependents ? Extent.TABLES_REGARDLESS : Extent.TABLES;
        RunSummary done = new Restore(
                        expectedEngine(profile),
                        options.of(profile, connection, target, choice.replaceExisting())
                                .of(extent),
                        tables,
                        choice.reserved().isPresent(),
                        messages)
                .run(surroundings.in());
        if (live) {
            return ApplicationLogin.prove(profile, done, messages);
        }
        return profile == null ? done : done.besideLive();
    }

    private BesideLive beside(Profile profile) {
        return new BesideLive(profile, surroundings.environment());
    }

    private Engine expectedEngine(Profile profile) throws Failure {
        if (engine == null) {
            return profile == null ? null : profile.engine();
        }
        return DatabaseOptions.engine(engine);
    }
}
