package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;

/** Statements about a database as a whole: its charset, collation and comment. */
final class MariaDbDatabase {
    private MariaDbDatabase() {}

    /** {@code CREATE DATABASE} with the properties that a header says; without any it gets the server's defaults. */
    static String create(String schema, Header header) throws IOException {
        String create = "CREATE DATABASE " + MariaDbClients.identifier(schema);
        return header.properties() == null
                ? create
                : create + " "
                        + Json.fromTree(header.properties(), MariaDbProperties.class)
                                .createClauses();
    }

    /** {@code ALTER DATABASE} with what the server says of another one. */
    static String alter(Engine engine, String schema, MariaDbProperties properties) {
        boolean clearComment = engine == Engine.MARIADB && properties.comment().isEmpty();
        return "ALTER DATABASE " + MariaDbClients.identifier(schema) + " " + properties.createClauses()
                + (clearComment ? " COMMENT ''" : "") + ";\n";
    }
}
