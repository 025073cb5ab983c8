package io.github.bpipe.config.init;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;

/**
 * What a server answers.
 *
 * @param engine that it really is
 * @param version as it says
 */
record ServerQuestion(Engine engine, String version) {
    /** Asks a server that is either of MariaDB and MySQL, or PostgreSQL. */
    static ServerQuestion ask(Engine engine, Connection connection, String database) throws IOException {
        if (engine == Engine.POSTGRESQL) {
            try (SqlSession session = new PostgresClients(connection).session(database)) {
                return new ServerQuestion(engine, session.value("SHOW server_version"));
            }
        }
        // naming the database makes the server say when it does not exist
        try (SqlSession session = new MariaDbClients(engine, connection).session(database)) {
            String version = session.value("SELECT VERSION()");
            return new ServerQuestion(version.contains("MariaDB") ? Engine.MARIADB : Engine.MYSQL, version);
        }
    }
}
