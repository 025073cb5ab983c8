package io.github.bpipe.writer.target;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.writer.target.mariadb.MariaDbInPlaceTarget;
import io.github.bpipe.writer.target.mariadb.MariaDbTarget;
import io.github.bpipe.writer.target.postgres.PostgresTarget;
import io.github.bpipe.writer.target.sqlite.SqliteTarget;

/** Which target serves which engine. */
public final class Targets {
    private Targets() {}

    /** The target of one restore; nothing is opened yet. */
    public static Target of(Engine engine, TargetOptions options) {
        return switch (engine) {
            case MARIADB, MYSQL ->
                options.inPlace() ? new MariaDbInPlaceTarget(engine, options) : new MariaDbTarget(engine, options);
            case POSTGRESQL -> new PostgresTarget(options);
            case SQLITE -> new SqliteTarget(options);
        };
    }
}
