package io.github.bpipe.reader;

import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.core.stream.StreamEncoder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what to dump and how; each overrides what the profile says. */
final class DumpChoice {
    private static final int MAX_LEVEL = 19;
    /** Each takes a block raw and compressed; more would not fit the heap that the launcher gives. */
    private static final int MAX_THREADS = 16;

    private static final int MOST_DEFAULT_THREADS = 4;
    /** Each takes a client program and a block; the compressing threads are busy with fewer. */
    private static final int MAX_JOBS = 8;

    private static final int DEFAULT_JOBS = 1;

    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            description = "Read what follows from /etc/bpipe/NAME.yaml; options override it.")
    private String profileName;

    @Option(names = "--engine", paramLabel = "E", description = "mariadb, mysql, postgresql or sqlite.")
    private String engine;

    @Option(names = "--database", paramLabel = "NAME-OR-FILE", description = "The database to dump.")
    private String database;

    @Mixin
    private ConnectionOptions connection;

    @Option(
            names = "--level",
            paramLabel = "1..19",
            description = "Compression level; without it 3, or 1 for tables of which that makes no more.")
    private Integer level;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compress, default one per core, at most 4.")
    private Integer threads;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Sessions that read the large tables side by side, all of the same moment; default 1.")
    private Integer jobs;

    @Option(
            names = "--allow-inconsistent",
            paramLabel = "TABLE",
            arity = "1..*",
            description = "Dump these non-transactional tables although their rows may belong to another moment.")
    private List<String> allowInconsistent = List.of();

    /** The name or path of the profile, or null. */
    String profileName() {
        return profileName;
    }

    /** All of it, with what the profile says where no option does. */
    DumpOptions options(Map<String, String> environment) throws Failure {
        return over(profileName == null ? null : new ProfileLoader(environment).load(profileName));
    }

    private DumpOptions over(Profile profile) throws Failure {
        Profile.Dump dump = profile == null ? new Profile.Dump(null, null, null, null) : profile.dump();
        Engine chosen = engine != null ? engine(engine) : profile == null ? null : profile.engine();
        String name = database != null ? database : profile == null ? null : profile.database();
        if (chosen == null || name == null || name.isEmpty()) {
            throw usage(
                    "no " + (chosen == null ? "engine" : "database") + " named",
                    "give --engine and --database, or --profile NAME");
        }
        Integer asked = level != null ? level : dump.level();
        return new DumpOptions(
                chosen,
                // a stream names the file so that it is found from any working directory
                chosen == Engine.SQLITE
                        ? Path.of(name).toAbsolutePath().normalize().toString()
                        : name,
                connection.over(profile == null ? Connection.DEFAULT : profile.connection()),
                profile == null ? null : profile.name(),
                asked == null ? StreamEncoder.LEVEL_BY_CONTENT : range("--level", asked, MAX_LEVEL),
                range("--threads", first(threads, dump.threads(), defaultThreads()), MAX_THREADS),
                range("--jobs", first(jobs, dump.jobs(), DEFAULT_JOBS), MAX_JOBS),
                accepted(dump));
    }

    /** As a profile says it all. */
    static DumpOptions of(Profile profile) throws Failure {
        DumpChoice nothing = new DumpChoice();
        nothing.connection = new ConnectionOptions();
        return nothing.over(profile);
    }

    private Set<String> accepted(Profile.Dump dump) {
        return Stream.concat(allowInconsistent.stream(), dump.allowInconsistent().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    private static Engine engine(String id) throws Failure {
        try {
            return Engine.of(id);
        } catch (IllegalArgumentException e) {
            throw usage(e.getMessage(), "give one of them with --engine");
        }
    }

    private static int first(Integer option, Integer fromProfile, int otherwise) {
        return option != null ? option : fromProfile != null ? fromProfile : otherwise;
    }

    private static int range(String option, int value, int max) throws Failure {
        if (value < 1 || value > max) {
            throw usage(option + " is " + value + ", allowed are 1 to " + max, "give a number in that range");
        }
        return value;
    }

    private static int defaultThreads() {
        return Math.min(MOST_DEFAULT_THREADS, Runtime.getRuntime().availableProcessors());
    }

    private static Failure usage(String message, String hint) {
        return new Failure(ExitCode.USAGE, message, hint);
    }
}
