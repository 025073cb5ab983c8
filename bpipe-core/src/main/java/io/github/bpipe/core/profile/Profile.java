package io.github.bpipe.core.profile;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.github.bpipe.core.application.CloudKind;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.PostgresCreation;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One YAML file per backed-up database. It never holds a secret, only where one is to be found.
 *
 * @param name of the profile: the file's name without {@code .yaml}
 * @param engine of the database
 * @param database name, or file for SQLite
 * @param connection for the backup; never null
 * @param dump how to dump; never null
 * @param restore how to restore; never null
 * @param drill how to prove backups by restoring them, or null where the profile says nothing of it
 * @param files of the application, saved beside the database; never null
 * @param hooks commands of the application around backup and restore; never null
 * @param application that the database belongs to, or null where it is none that is known by name
 * @param metrics full path of the file that tells monitoring of the runs, or null
 * @param bareos what generated Bareos configuration refers to; never null
 */
public record Profile(
        @JsonIgnore String name,
        Engine engine,
        String database,
        Connection connection,
        Dump dump,
        Restore restore,
        Drill drill,
        Files files,
        Hooks hooks,
        Application application,
        String metrics,
        BareosNames bareos) {
    public Profile {
        connection = connection != null ? connection : Connection.DEFAULT;
        dump = dump != null ? dump : new Dump(null, null, null, null);
        restore = restore != null ? restore : Restore.DEFAULT;
        files = files != null ? files : new Files(null, null);
        hooks = hooks != null ? hooks : new Hooks(null, null, null, null);
        if (metrics != null && !metrics.startsWith("/")) {
            throw new IllegalArgumentException("metrics is " + metrics + ", and takes the full path of a file");
        }
        bareos = bareos != null ? bareos : BareosNames.DEFAULT;
        hooks.requireFor(application);
    }

    Profile named(String newName) {
        return new Profile(
                newName,
                engine,
                database,
                connection,
                dump,
                restore,
                drill,
                files,
                hooks,
                application,
                metrics,
                bareos);
    }

    /** The connection with the administrative account, for a restore and what belongs to it. */
    public Connection restoreConnection() {
        return restore.connection() != null ? restore.connection() : connection;
    }

    /**
     * An application that is known by name; all paths are full ones without symbolic links.
     *
     * @param kind which one
     * @param root folder of its programs
     * @param configFile its main configuration, where its own account's password stays
     * @param data folder of its users' files
     * @param user operating-system user of the web server, who owns the configuration
     * @param version as its configuration tells it
     * @param tablePrefix of its tables
     * @param php the interpreter that runs its {@code occ}, or null for the one on the PATH
     * @param services units of systemd that the step stop-services stops, in this order; never null
     * @param closedAtMost seconds for which it may be closed around a backup, or null for the usual limit
     */
    public record Application(
            CloudKind kind,
            Path root,
            Path configFile,
            Path data,
            String user,
            String version,
            String tablePrefix,
            Path php,
            List<String> services,
            Integer closedAtMost) {
        public Application {
            services = listOrEmpty(services);
            if (php != null && !php.isAbsolute()) {
                throw new IllegalArgumentException("application.php is no full path: " + php);
            }
            if (closedAtMost != null && closedAtMost < 1) {
                throw new IllegalArgumentException(
                        "application.closedAtMost is " + closedAtMost + ", and takes seconds, at least 1");
            }
        }

        /** True where all is said that running its {@code occ} needs. */
        boolean isComplete() {
            return kind != null && root != null && configFile != null && data != null && user != null;
        }
    }

    /**
     * How to dump.
     *
     * @param level of compression, 1 to 19, or null
     * @param threads that compress, or null
     * @param jobs how many sessions read large tables side by side, or null
     * @param allowInconsistent non-transactional tables that are accepted; never null
     */
    public record Dump(Integer level, Integer threads, Integer jobs, List<String> allowInconsistent) {
        public Dump {
            allowInconsistent = listOrEmpty(allowInconsistent);
        }
    }

    /**
     * How to restore.
     *
     * @param connection with an administrative account, or null for that of the backup
     * @param mode {@code staged} or {@code in-place}, or null
     * @param keepPrevious false to drop the former database after the switch, or null
     * @param accounts {@code missing} or {@code skip}, or null
     * @param binlog {@code keep} or {@code skip}, or null
     * @param where what a restore to another place (Bareos' Where) makes there, or null for a file
     * @param jobs how many sessions load side by side, or null
     * @param create how to create a PostgreSQL database, or null for as it was recorded
     */
    public record Restore(
            Connection connection,
            String mode,
            Boolean keepPrevious,
            String accounts,
            Integer jobs,
            String binlog,
            Where where,
            PostgresCreation create) {
        /** Nothing is said. */
        public static final Restore DEFAULT = new Restore(null, null, null, null, null, null, null, null);

        /** What a restore that must not touch the live database makes. */
        public enum Where {
            /** The stream as a file below the folder that is named. */
            @JsonProperty("file")
            FILE,
            /** A database named after the job. */
            @JsonProperty("scratch")
            SCRATCH
        }
    }

    /**
     * How to prove that a backup restores.
     *
     * @param checks questions to the restored database, on top of objects and row counts; never null
     * @param folder where a throwaway server is made, or null for the usual place
     * @param programs folder of the server's own programs, or null for where packages put them
     * @param schedule when a generated job runs, as Bareos' {@code Run} directive says it, or null
     */
    public record Drill(List<DrillCheck> checks, Path folder, Path programs, String schedule) {
        /** Nothing is said. */
        public static final Drill DEFAULT = new Drill(null, null, null, null);

        public Drill {
            checks = listOrEmpty(checks);
        }
    }

    /**
     * Files of the application.
     *
     * @param include absolute paths; never null
     * @param exclude paths, patterns, and regular expressions, which begin with {@code ^}; never null
     */
    public record Files(List<String> include, List<String> exclude) {
        public Files {
            include = listOrEmpty(include);
            exclude = listOrEmpty(exclude);
        }
    }

    /**
     * Commands around backup and restore; those after it also run when it failed. None of the lists is ever null.
     *
     * @param preBackup for example what switches a maintenance mode on
     * @param postBackup what switches it off
     * @param preRestore before a restore to the live place
     * @param postRestore after a restore to the live place
     */
    public record Hooks(List<Hook> preBackup, List<Hook> postBackup, List<Hook> preRestore, List<Hook> postRestore) {
        public Hooks {
            preBackup = listOrEmpty(preBackup);
            postBackup = listOrEmpty(postBackup);
            preRestore = listOrEmpty(preRestore);
            postRestore = listOrEmpty(postRestore);
            requireFit("preBackup", preBackup, true, false);
            requireFit("postBackup", postBackup, false, false);
            requireFit("preRestore", preRestore, true, true);
            requireFit("postRestore", postRestore, false, true);
        }

        private static void requireFit(String point, List<Hook> hooks, boolean before, boolean restore) {
            for (Hook hook : hooks) {
                if (hook.step() != null && !hook.step().fits(before, restore)) {
                    throw new IllegalArgumentException(
                            "the step " + hook.step().id() + " has no meaning in hooks." + point);
                }
            }
        }

        /** Refuses steps that the application's section says too little for. */
        private void requireFor(Application application) {
            Stream.of(preBackup, postBackup, preRestore, postRestore)
                    .flatMap(List::stream)
                    .map(Hook::step)
                    .filter(Objects::nonNull)
                    .forEach(step -> requireFor(step, application));
        }

        private static void requireFor(HookStep step, Application application) {
            if (step.needsApplication() && (application == null || !application.isComplete())) {
                throw new IllegalArgumentException(
                        "the step " + step.id() + " needs application: with kind, root, configFile, data and user");
            }
            if (step == HookStep.STOP_SERVICES
                    && (application == null || application.services().isEmpty())) {
                throw new IllegalArgumentException("the step " + step.id() + " needs application: services:");
            }
        }
    }

    /**
     * What generated Bareos configuration refers to; whatever is null is what a new installation has.
     *
     * @param director name of the director
     * @param jobDefs that the backup job builds on
     * @param schedule of the backup job
     * @param storage of backup and restore
     * @param pool of backup and restore
     * @param messages of backup and restore
     * @param where folder on the client for restores that must not touch the live data
     * @param programs folder of the toolkit's programs on the client
     * @param pluginDirectory folder of the file daemon's plugins on the client
     * @param services that are stopped around an offline backup, in this order; never null
     */
    public record BareosNames(
            String director,
            String jobDefs,
            String schedule,
            String storage,
            String pool,
            String messages,
            String where,
            String programs,
            String pluginDirectory,
            List<String> services) {
        static final BareosNames DEFAULT = new BareosNames(null, null, null, null, null, null, null, null, null, null);

        public BareosNames {
            services = listOrEmpty(services);
        }
    }

    private static <T> List<T> listOrEmpty(List<T> list) {
        return list != null ? List.copyOf(list) : List.of();
    }
}
