package io.github.bpipe.writer.putback;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** A transaction in MariaDB, MySQL or PostgreSQL, through the native client. */
final class ServerSession extends LiveSession {
    private static final int LOCK_WAIT_SECONDS = 30;

    private final boolean postgres;
    private final SqlSession session;

    ServerSession(Engine engine, Connection connection, String database) throws IOException {
        postgres = engine == Engine.POSTGRESQL;
        session = postgres
                ? new PostgresClients(connection).session(database)
                : new MariaDbClients(engine, connection).session(database);
        try {
            session.execute(
                    postgres
                            ? "SET standard_conforming_strings = on; SET lock_timeout = '" + LOCK_WAIT_SECONDS + "s'"
                            : "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO', innodb_lock_wait_timeout = "
                                    + LOCK_WAIT_SECONDS + ", time_zone = '+00:00'");
            session.execute("START TRANSACTION");
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    @Override
    void execute(String sql) throws IOException {
        session.execute(sql);
    }

    @Override
    List<List<String>> query(String sql) throws IOException {
        return session.query(sql);
    }

    @Override
    void commit() throws IOException {
        session.execute("COMMIT");
    }

    @Override
    String literal(String text) {
        return postgres ? PostgresClients.literal(text) : MariaDbClients.literal(text);
    }

    @Override
    String identifier(String name) {
        return postgres ? PostgresClients.identifier(name) : MariaDbClients.identifier(name);
    }

    @Override
    Set<String> columns(String table) throws IOException {
        return Set.copyOf(
                postgres
                        ? session.column("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass("
                                + PostgresClients.literal(identifier(table)) + ") AND attnum > 0 AND NOT attisdropped")
                        : session.column("SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA ="
                                + " DATABASE() AND BINARY TABLE_NAME = BINARY " + MariaDbClients.literal(table)));
    }

    @Override
    String forUpdate() {
        return " FOR UPDATE";
    }

    @Override
    public void close() {
        session.close();
    }
}
