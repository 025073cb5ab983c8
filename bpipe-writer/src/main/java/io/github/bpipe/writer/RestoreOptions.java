package io.github.bpipe.writer;

import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.writer.target.TargetOptions;
import picocli.CommandLine.Option;

/** What can be said of a restore both by an option and by {@code restore:} of a profile. */
final class RestoreOptions {
    private static final String STAGED = "staged";
    static final String IN_PLACE = "in-place";
    private static final String MISSING = "missing";
    private static final String SKIP = "skip";
    private static final String KEEP = "keep";

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
            names = "--binlog",
            paramLabel = "keep|skip",
            description =
                    "keep (default): the restore stands in the binary log of a MariaDB or MySQL server that writes one."
                            + " skip: it does not, which is refused where a replica or a cluster would miss it.")
    private String binlog;

    /**
     * The choice, by the options or else the profile.
     *
     * @param profile or null
     * @param connection over that of the profile
     * @param target name or file of the database, or null for the profile's, or else the stream's own
     * @param replaceExisting false to refuse where it exists
     */
    TargetOptions of(Profile profile, ConnectionOptions connection, String target, boolean replaceExisting)
            throws Failure {
        Profile.Restore restore = profile == null ? Profile.Restore.DEFAULT : profile.restore();
        Connection base = profile == null ? Connection.DEFAULT : profile.restoreConnection();
        TargetOptions chosen = new TargetOptions(
                connection.over(base),
                target != null || profile == null ? target : profile.database(),
                isSecond("mode", mode, restore.mode(), STAGED, IN_PLACE),
                !noKeep && !Boolean.FALSE.equals(restore.keepPrevious()),
                replaceExisting,
                !isSecond("accounts", accounts, restore.accounts(), MISSING, SKIP),
                jobs(restore.jobs()),
                restore.create() == null ? PostgresCreation.RECORDED : restore.create());
        return isSecond("binlog", binlog, restore.binlog(), KEEP, SKIP) ? chosen.withoutBinlog() : chosen;
    }

    /** A restore to the live place, as the profile says it all. */
    static TargetOptions of(Profile profile) throws Failure {
        return new RestoreOptions().of(profile, new ConnectionOptions(), null, true);
    }

    /** How many sessions load; as many as there are cores where nothing is said. */
    private int jobs(Integer profile) throws Failure {
        Integer chosen = jobs != null ? jobs : profile;
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

    /** Which of two words was chosen; the first where nothing is said. */
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
