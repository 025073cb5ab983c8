package io.github.bpipe.writer;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.BareosJob;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.core.stream.Header;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** Names for databases that a restore makes beside the live one of a profile. */
final class BesideLive {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Profile profile;
    private final Header.Job job;

    /** @param environment says the job, where the file daemon tells it */
    BesideLive(Profile profile, Map<String, String> environment) {
        this.profile = profile;
        this.job = BareosJob.of(environment);
    }

    /** A database of that name belongs to nobody yet, since no two jobs have the same number. */
    String scratch() throws Failure {
        if (job == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "restore.where is scratch, and the environment names no job to call the database after",
                    "name the database with --into");
        }
        return profile.database() + "_job_" + job.id();
    }

    /** For a few tables; daemons before 25 name no job, and then the moment tells it from others. */
    String picked() {
        return profile.database() + "_only_" + (job != null ? "job_" + job.id() : MOMENT.format(Instant.now()));
    }

    /** A name that somebody chose: a database of the same server, or a file in the same folder. */
    String chosen(String name) throws Failure {
        boolean file = profile.engine() == Engine.SQLITE;
        String live = file ? Path.of(profile.database()).getFileName().toString() : profile.database();
        // whatever the server makes of capital letters
        if (name.equalsIgnoreCase(live)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "where asks for a database beside the live one, and names " + name + ", which is the live one",
                    "give another name; to replace the live database, restore with where=/");
        }
        return file ? Path.of(profile.database()).resolveSibling(name).toString() : name;
    }

    /** True where a restore into that database, or file, replaces the live one. */
    boolean isLive(String database) throws IOException {
        return profile.engine() == Engine.SQLITE
                ? SqlitePaths.same(database, profile.database())
                : database.equals(profile.database());
    }
}
