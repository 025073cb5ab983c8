package io.github.bpipe.reader.source;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.reader.source.mariadb.MariaDbSource;
import io.github.bpipe.reader.source.postgres.PostgresSource;
import io.github.bpipe.reader.source.sqlite.SqliteSource;
import java.nio.file.Path;
import java.util.Set;

/** Which source serves which engine. */
public final class Sources {
    private Sources() {}

    /**
     * The source of one database; nothing is opened yet.
     *
     * @param allowInconsistent non-transactional tables that are accepted
     * @param jobs how many sessions read large tables side by side; a database file has none
     */
    public static Source of(
            Engine engine, Connection connection, String database, Set<String> allowInconsistent, int jobs) {
        return switch (engine) {
            case MARIADB, MYSQL -> new MariaDbSource(engine, connection, database, allowInconsistent, jobs);
            case POSTGRESQL -> new PostgresSource(connection, database, jobs);
            case SQLITE -> new SqliteSource(Path.of(database));
        };
    }
}
