package io.github.bpipe.writer;

import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.cli.HookCommand;
import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Program;
import io.github.bpipe.core.cli.ReportCommand;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.cli.Version;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.BareosJob;
import io.github.bpipe.core.job.RunJournal;
import io.github.bpipe.core.job.RunKind;
import io.github.bpipe.core.job.RunSummary;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
    private static final String STAGED = "staged";
    static final String IN_PLACE = "in-place";
    private static final String MISSING = "missing";
    private static final String SKIP = "skip";

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
            description = "Restore just these tables, with * for anything (schema.table on PostgreSQL); needs --into.")
    private List<String> only = List.of();

    @Option(
            names = "--mode",
            paramLabel = "staged|in-place",
            description =
                    "staged (default): build a copy, check it, switch. in-place: drop and reload, for those without"
                            + " the space for a copy; the database is lost if that fails.")
    private String mode;

    @Option(names = "--no-keep", description = "Drop the former database after the switch instead of keeping it.")
    private boolean noKeep;

    @Option(
            names = "--accounts",
            paramLabel = "missing|skip",
            description =
                    "missing (default): create those accounts that the database needs and the server does not have;"
                            + " others are never changed. skip: create none.")
    private String accounts;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Sessions that load a MariaDB, MySQL or PostgreSQL database side by side, 1 to "
                    + TargetOptions.MAX_JOBS + "; by default one for each processor core, at most "
                    + TargetOptions.DEFAULT_JOBS + ".")
    private Integer jobs;

    @Option(
            names = "--where",
            paramLabel = "DIR",
            description = "Bareos' where (%%w): anything but empty and / writes the stream below that folder as a file"
                    + " and touches no database.")
    private String where;

    @Option(
            names = "--replace",
            paramLabel = "a|n|w|o",
            description = "Bareos' replace (%%r): n refuses where the database exists; w and o cannot be decided for a"
                    + " database and count as n.")
    private String replace;

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
                new StatusCommand(surroundings),
                new RollbackCommand(surroundings, messages),
                new DiscardCommand(surroundings, messages),
                new RecoverCommand(surroundings, messages),
                new CheckCommand(surroundings, messages),
                new AfterCommand(surroundings),
                new ReportCommand(RunKind.RESTORE, surroundings),
                new HookCommand(RunKind.RESTORE, surroundings, messages));
        return new Program(command, subcommands, surroundings, messages, failure -> {});
    }

    @Override
    public Integer call() throws IOException {
        if (profileName == null) {
            restore();
        } else {
            Map<String, String> environment = surroundings.environment();
            new RunJournal(environment, RunKind.RESTORE, ProfileLoader.name(profileName))
                    .run(BareosJob.of(environment), messages::warning, this::restore);
        }
        return ExitCode.OK.code();
    }

    private RunSummary restore() throws IOException {
        Profile profile = profileName == null ? null : new ProfileLoader(surroundings.environment()).load(profileName);
        if (!only.isEmpty() && (into == null || (profile != null && into.equals(profile.database())))) {
            throw new Failure(
                    ExitCode.USAGE,
                    "--only restores into another database than the live one, and none is named",
                    "give --into NAME, and copy from there what is needed");
        }
        BareosChoice choice = BareosChoice.of(where, replace, surroundings.environment());
        choice.undecidable()
                .ifPresent(letter -> messages.warning("replace " + letter
                        + " compares ages, which a database does not have: an existing one is left alone"));
        boolean scratch = choice.folder().isPresent()
                && profile != null
                && profile.restore().where() == Profile.Restore.Where.SCRATCH;
        if (choice.folder().isPresent() && !scratch) {
            RunSummary written =
                    new StreamFile(choice.folder().get(), choice.replaceExisting()).write(surroundings.in());
            messages.info("no database was touched; the stream is complete in " + written.file());
            return written;
        }
        return new Restore(expectedEngine(profile), options(profile, choice, scratch), only, messages)
                .run(surroundings.in());
    }

    private Engine expectedEngine(Profile profile) throws Failure {
        if (engine == null) {
            return profile == null ? null : profile.engine();
        }
        return DatabaseOptions.engine(engine);
    }

    private TargetOptions options(Profile profile, BareosChoice choice, boolean scratch) throws Failure {
        Profile.Restore restore = profile == null ? Profile.Restore.DEFAULT : profile.restore();
        Connection base = profile == null ? Connection.DEFAULT : profile.restoreConnection();
        String target =
                into != null ? into : scratch ? scratchName(profile) : profile == null ? null : profile.database();
        boolean keep = !noKeep && !Boolean.FALSE.equals(restore.keepPrevious());
        return new TargetOptions(
                connection.over(base),
                target,
                isSecond("mode", mode, restore.mode(), STAGED, IN_PLACE),
                keep,
                choice.replaceExisting(),
                !isSecond("accounts", accounts, restore.accounts(), MISSING, SKIP),
                jobs(restore),
                restore.create() == null ? PostgresCreation.RECORDED : restore.create());
    }

    private int jobs(Profile.Restore restore) throws Failure {
        Integer chosen = jobs != null ? jobs : restore.jobs();
        if (chosen == null) {
            return Math.min(TargetOptions.DEFAULT_JOBS, Runtime.getRuntime().availableProcessors());
        }
        if (chosen < 1 || chosen > TargetOptions.MAX_JOBS) {
            throw new Failure(
                    ExitCode.USAGE,
                    "jobs is " + chosen + ", possible are 1 to " + TargetOptions.MAX_JOBS,
                    "give one with --jobs, or restore.jobs in the profile");
        }
        return chosen;
    }

    /** A database of that name belongs to nobody yet, since no two jobs have the same number. */
    private String scratchName(Profile profile) throws Failure {
        Header.Job job = BareosJob.of(surroundings.environment());
        if (job == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "restore.where is scratch, and the environment names no job to call the database after",
                    "name the database with --into");
        }
        return profile.database() + "_job_" + job.id();
    }

    /** Which of two words was chosen, by the option or else the profile; the first where both are silent. */
    private static boolean isSecond(String name, String option, String profile, String first, String second)
            throws Failure {
        String chosen = option != null ? option : profile != null ? profile : first;
        if (!chosen.equals(first) && !chosen.equals(second)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "unknown " + name + " " + chosen + ", known are " + first + ", " + second,
                    "give one with --" + name + ", or restore." + name + " in the profile");
        }
        return chosen.equals(second);
    }
}
