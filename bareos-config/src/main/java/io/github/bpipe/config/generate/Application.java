package io.github.bpipe.config.generate;

import io.github.bpipe.config.plugin.PluginLine;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One application: one FileSet and its Jobs, with all its databases.
 *
 * @param name in the names of the resources
 * @param databases at least one; where only one of something can be, the first decides
 * @param drillSchedule when restore drills run, as a {@code Run} directive says it; null for no drills
 */
public record Application(String name, List<Database> databases, String drillSchedule) {
    /** The folder of the streams in the catalog. */
    static final String STREAMS = "/bpipe";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final String PROGRAMS = "/usr/bin";
    private static final String RESTORES = "/var/lib/bpipe/restores";
    private static final String STATE = "/var/lib/bpipe";

    public Application {
        databases = List.copyOf(databases);
    }

    /**
     * A database of the application.
     *
     * @param argument what {@code --profile} takes on the client: the profile's name, or its path
     * @param file of the profile
     */
    public record Database(Profile profile, String argument, Path file) {
        String name() {
            return profile.name();
        }

        /** {@code NAME.sql.zst}: what the stream is when it stands as a file. */
        String streamName() {
            return name() + (profile.engine() == Engine.SQLITE ? ".sqlite.zst" : ".sql.zst");
        }

        /** Where the method with a dump file leaves the stream. */
        String dumpFile() {
            return STATE + "/" + name() + "/" + streamName();
        }
    }

    /** Refuses a name that no daemon takes. */
    static String checkedName(String what, String name) throws Failure {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                    ExitCode.USAGE,
                    "not a name for a " + what + ": " + name,
                    "letters, digits, dots, hyphens and underscores make a name, at most 100 of them");
        }
        return name;
    }

    Profile.BareosNames names() {
        return databases.get(0).profile().bareos();
    }

    String reader() {
        return programs() + "/bpipe-reader";
    }

    String writer() {
        return programs() + "/bpipe-writer";
    }

    /** Folder on the client for restores that must not touch the live data. */
    String restores() {
        return or(names().where(), RESTORES) + "/" + name;
    }

    /** Files of the application, without repetition. */
    List<String> include() {
        return databases.stream()
                .flatMap(database -> database.profile().files().include().stream())
                .distinct()
                .toList();
    }

    List<String> exclude() {
        return databases.stream()
                .flatMap(database -> database.profile().files().exclude().stream())
                .distinct()
                .toList();
    }

    PluginLine pluginLine(Database database) {
        return new PluginLine(
                STREAMS + "/" + database.streamName(),
                List.of(reader(), "--profile", database.argument()),
                List.of(writer(), "--profile", database.argument(), "--where=%w", "--replace=%r"));
    }

    static String or(String named, String otherwise) {
        return named != null ? named : otherwise;
    }

    private String programs() {
        return or(names().programs(), PROGRAMS);
    }
}
