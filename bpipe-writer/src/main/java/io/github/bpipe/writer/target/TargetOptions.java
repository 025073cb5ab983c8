package io.github.bpipe.writer.target;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;

/**
 * What an administrator asks of a restore.
 *
 * @param connection to the server, with an administrative account
 * @param into name or file of the database to recreate; null for the one that the header names
 * @param inPlace true to drop and reload instead of staging
 * @param keepFormer true to keep the former database for a rollback
 * @param replaceExisting false to refuse where the database exists
 * @param createAccounts false to leave out the accounts that the database needs
 * @param jobs how many sessions load side by side, 1 to {@link #MAX_JOBS}
 * @param create how to create a PostgreSQL database, in place of what is recorded; never null
 * @param extent what of the live database is replaced; never null
 * @param skipBinlog true to keep the restore out of the binary log of MariaDB or MySQL
 */
public record TargetOptions(
        Connection connection,
        String into,
        boolean inPlace,
        boolean keepFormer,
        boolean replaceExisting,
        boolean createAccounts,
        int jobs,
        PostgresCreation create,
        Extent extent,
        boolean skipBinlog) {
    /** With more, blocks of the largest size that the format allows could not be held by all of them. */
    public static final int MAX_JOBS = 6;

    /** More than this gains little, since the sessions meet in the log of the server. */
    public static final int DEFAULT_JOBS = 4;

    /** With one session, and databases created as they were recorded. */
    public TargetOptions(
            Connection connection,
            String into,
            boolean inPlace,
            boolean keepFormer,
            boolean replaceExisting,
            boolean createAccounts) {
        this(connection, into, inPlace, keepFormer, replaceExisting, createAccounts, 1, PostgresCreation.RECORDED);
    }

    /** Of a whole database. */
    public TargetOptions(
            Connection connection,
            String into,
            boolean inPlace,
            boolean keepFormer,
            boolean replaceExisting,
            boolean createAccounts,
            int jobs,
            PostgresCreation create) {
        this(
                connection,
                into,
                inPlace,
                keepFormer,
                replaceExisting,
                createAccounts,
                jobs,
                create,
                Extent.DATABASE,
                false);
    }

    /** The same, for another extent. */
    public TargetOptions of(Extent other) {
        return new TargetOptions(
                connection,
                into,
                inPlace,
                keepFormer,
                replaceExisting,
                createAccounts,
                jobs,
                create,
                other,
                skipBinlog);
    }

    /** The same, kept out of the binary log. */
    public TargetOptions withoutBinlog() {
        return new TargetOptions(
                connection, into, inPlace, keepFormer, replaceExisting, createAccounts, jobs, create, extent, true);
    }

    /**
     * Refuses to replace a database where that was forbidden; to be asked before anything is created.
     *
     * @param exists true when there is one of that name, whole or half restored
     */
    public void requireReplaceable(String live, boolean exists) throws Failure {
        if (exists && !replaceExisting) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the database " + live + " exists and must not be replaced",
                    "restore with Replace = always (--replace=a), under another name (--into) or into a folder"
                            + " (--where)");
        }
    }
}
