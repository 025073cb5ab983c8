package io.github.bpipe.writer;

import io.github.bpipe.core.cli.ConnectionOptions;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.profile.ProfileLoader;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.diff.Place;
import io.github.bpipe.writer.target.Former;
import io.github.bpipe.writer.target.Formers;
import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which live database a subcommand is about, and how to reach it. */
final class DatabaseOptions {
    @Option(
            names = "--profile",
            paramLabel = "NAME-OR-PATH",
            description = "Read what follows from /etc/bpipe/NAME.yaml; options override it.")
    private String profileName;

    @Option(names = "--engine", paramLabel = "E", description = "mariadb, mysql, postgresql or sqlite.")
    private String engine;

    @Option(names = "--database", paramLabel = "NAME-OR-FILE", description = "The live database.")
    private String database;

    @Mixin
    private ConnectionOptions connection;

    /** The former database of the chosen one. */
    Former former(Map<String, String> environment) throws IOException {
        Profile profile = profileName == null ? null : new ProfileLoader(environment).load(profileName);
        if (profile == null && (engine == null || database == null)) {
            throw new Failure(
                    ExitCode.USAGE, "no database is named", "give --profile, or both --engine and --database");
        }
        return Formers.of(
                engine != null ? engine(engine) : profile.engine(),
                connection.over(profile == null ? Connection.DEFAULT : profile.restoreConnection()),
                database != null ? database : profile.database());
    }

    /** The chosen one; without a choice the one that a stream comes from, by the same name. */
    Place place(Map<String, String> environment, Header header) throws IOException {
        Profile profile = profileName == null ? null : new ProfileLoader(environment).load(profileName);
        String id = engine != null ? engine : profile != null ? profile.engine().id() : header.engine();
        return new Place(
                engine(id),
                connection.over(profile == null ? Connection.DEFAULT : profile.restoreConnection()),
                database != null ? database : profile != null ? profile.database() : header.database());
    }

    /** What {@code --engine} says. */
    static Engine engine(String id) throws Failure {
        try {
            return Engine.of(id);
        } catch (IllegalArgumentException e) {
            throw new Failure(ExitCode.USAGE, e.getMessage(), "give one of them with --engine");
        }
    }
}
