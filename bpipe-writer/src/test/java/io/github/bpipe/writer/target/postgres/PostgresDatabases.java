package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Databases for one test: names that no other test uses, looked at from outside, dropped afterwards. */
final class PostgresDatabases {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final ThrowawayPostgres server;
    private final String prefix = "case" + COUNTER.incrementAndGet() + "_";

    PostgresDatabases(ThrowawayPostgres server) {
        this.server = server;
    }

    /** A name for a database of this test. */
    String name(String rest) {
        return prefix + rest;
    }

    /** A live database with a table {@code t}. */
    String live(String rest, int rows, String text) {
        String name = name(rest);
        server.sql("postgres", "CREATE DATABASE " + identifier(name));
        server.sql(
                name,
                "CREATE TABLE t AS SELECT i AS id, '" + text + "'::text AS txt FROM generate_series(1, " + rows
                        + ") i");
        return name;
    }

    Connection connection(String user) {
        return new Connection(null, null, server.socketFolder(), user, null, null, server.programs());
    }

    TargetOptions options(String into, boolean inPlace, boolean keepFormer) {
        return new TargetOptions(connection("postgres"), into, inPlace, keepFormer, true, true);
    }

    PostgresTarget target() {
        return new PostgresTarget(options(null, false, true));
    }

    SwitchReport restore(HandMadeStream stream, String into) throws IOException {
        return restoreWith(stream, options(into, false, true));
    }

    SwitchReport restoreWith(HandMadeStream stream, TargetOptions options) throws IOException {
        try (PostgresTarget target = new PostgresTarget(options)) {
            return stream.restore(target);
        }
    }

    /** A restore that must fail, and must leave no staged database. */
    AbstractThrowableAssert<?, Failure> refused(HandMadeStream stream, TargetOptions options, ExitCode code) {
        var failed = fails(() -> restoreWith(stream, options), code);
        assertThat(databases()).noneMatch(name -> name.startsWith(prefix) && name.endsWith("__bpipe_new"));
        return failed;
    }

    /** An action that must fail that way. */
    AbstractThrowableAssert<?, Failure> fails(ThrowingCallable action, ExitCode code) {
        Failure failure = catchThrowableOfType(Failure.class, action);
        assertThat(failure).isNotNull();
        assertThat(failure.exitCode()).as(failure.getMessage()).isEqualTo(code);
        assertThat(failure.hint()).isNotBlank();
        return assertThat(failure);
    }

    /** The child of ours with that name and these words among its arguments. */
    ProcessHandle child(String program, String words) {
        return ProcessHandle.current()
                .descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/" + program))
                .filter(child -> String.join(" ", child.info().arguments().orElse(new String[0]))
                        .contains(words))
                .findFirst()
                .orElseThrow();
    }

    AbstractThrowableAssert<?, Failure> refused(HandMadeStream stream, String into, ExitCode code) {
        return refused(stream, options(into, false, true), code);
    }

    /** How many rows of which text are in the table {@code t}. */
    String rows(String database) {
        return server.sql(database, "SELECT count(*) || ' ' || min(txt) FROM t").strip();
    }

    List<String> databasesLike(String name) {
        return databases().stream().filter(other -> other.startsWith(name)).toList();
    }

    List<String> databases() {
        return server.sql("postgres", "SELECT datname FROM pg_database ORDER BY datname COLLATE \"C\"")
                .lines()
                .toList();
    }

    void dropAll() {
        databases().stream()
                .filter(name -> name.startsWith(prefix))
                .forEach(name -> server.sql("postgres", "DROP DATABASE " + identifier(name) + " WITH (FORCE)"));
    }
}
