package io.github.bpipe.writer.drill;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.PostgresCreation;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;

/**
 * Chooses where a drill restores to.
 *
 * @param server with an administrative account, for a scratch database there; null for a throwaway server
 * @param create how to create a PostgreSQL database on that server
 */
public record DrillPlaces(DrillSettings settings, Connection server, PostgresCreation create) {
    /** Proves that a drill can begin, as far as that can be known without a stream. */
    public void check(Engine engine) throws IOException {
        DrillSpace.requireFolder(settings.folder());
        of(engine).find(null);
    }

    /** The place for a stream of that engine; nothing is made yet. */
    DrillPlace of(Engine engine) throws IOException {
        if (server != null) {
            if (engine == Engine.SQLITE) {
                throw new Failure(
                        ExitCode.USAGE, "SQLite has no server", "drill without --into-server: into a temporary file");
            }
            return new ScratchDatabase(settings, server, create);
        }
        return switch (engine) {
            case MARIADB -> new MariaDbDrillServer(settings);
            case POSTGRESQL -> new PostgresDrillServer(settings);
            case SQLITE -> new SqliteDrillFile(settings);
            case MYSQL ->
                throw new Failure(
                        ExitCode.CLIENT,
                        "no throwaway server of MySQL can be started yet",
                        "drill into a server of yours with --into-server and the options of the connection");
        };
    }
}
