package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.util.Set;

/** Statements about a database as a whole: its charset, collation and comment. */
final class MariaDbDatabase {
    /** Character set, collation. */
    private static final Set<Integer> UNKNOWN = Set.of(1115, 1273);

    private MariaDbDatabase() {}

    /** Creates it with the properties that a header says; without any it gets the server's defaults. */
    static void create(SqlSession session, String schema, Header header) throws IOException {
        String create = "CREATE DATABASE " + MariaDbClients.identifier(schema);
        if (header.properties() == null) {
            session.execute(create);
            return;
        }
        MariaDbProperties properties = Json.fromTree(header.properties(), MariaDbProperties.class);
        try {
            session.execute(create + " " + properties.createClauses());
        } catch (Failure e) {
            if (!UNKNOWN.contains(MariaDbClients.errorNumber(e.getMessage()))) {
                throw e;
            }
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the server does not know the database's character set " + properties.charset() + " or collation "
                            + properties.collation(),
                    "restore into a server of at least the version that was dumped, "
                            + (header.serverVersion() == null ? "see inspect" : header.serverVersion()),
                    e);
        }
    }

    /** {@code ALTER DATABASE} with what the server says of another one. */
    static String alter(Engine engine, String schema, MariaDbProperties properties) {
        boolean clearComment = engine == Engine.MARIADB && properties.comment().isEmpty();
        return "ALTER DATABASE " + MariaDbClients.identifier(schema) + " " + properties.createClauses()
                + (clearComment ? " COMMENT ''" : "") + ";\n";
    }
}
