package io.github.bpipe.writer.target;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.writer.target.mariadb.MariaDbFormer;
import io.github.bpipe.writer.target.postgres.PostgresFormer;
import io.github.bpipe.writer.target.sqlite.SqliteFormer;
import java.io.IOException;

/** Which class looks after the former databases of which engine. */
public final class Formers {
    private Formers() {}

    /**
     * For one database; nothing is opened yet.
     *
     * @param database the live name or file
     */
    public static Former of(Engine engine, Connection connection, String database) throws IOException {
        return switch (engine) {
            case MARIADB, MYSQL -> new MariaDbFormer(engine, connection, database);
            case POSTGRESQL -> new PostgresFormer(connection, database);
            case SQLITE -> new SqliteFormer(database);
        };
    }
}
