package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresRefusalTest {
    private static final String DATABASE = "refusals";

    private final ThrowawayPostgres server = ThrowawayPostgres.shared();

    @TempDir
    Path folder;

    @BeforeEach
    void createDatabase() {
        dropDatabase();
        server.sql("postgres", "CREATE DATABASE " + DATABASE + " TEMPLATE template0");
        server.sql("postgres", "CREATE ROLE refused LOGIN; CREATE ROLE member LOGIN");
    }

    @AfterEach
    void dropDatabase() {
        AwkwardPostgres.drop(server, DATABASE);
        server.sql("postgres", "DROP ROLE IF EXISTS refused, member");
    }

    private static Failure refusal(Connection connection, String database) {
        try (PostgresSource source =
                new PostgresSource(connection, database, 1, Duration.ofMillis(300), PostgresDump.LARGE)) {
            return catchThrowableOfType(Failure.class, source::open);
        }
    }

    private Connection as(String user) {
        return PostgresDump.connection(server, user);
    }

    @Test
    void noServer() {
        Connection nowhere = new Connection(null, null, folder, "postgres", null, null, server.programs());
        Failure failure = refusal(nowhere, DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.CONNECT);
        assertThat(failure).hasMessageContaining(folder.toString());
    }

    @Test
    void unknownDatabaseAndOneThatIsClosed() {
        assertThat(refusal(as("postgres"), "no such thing").exitCode()).isEqualTo(ExitCode.NO_DATABASE);
        Failure closed = refusal(as("postgres"), "template0");
        assertThat(closed.exitCode()).isEqualTo(ExitCode.NO_DATABASE);
        assertThat(closed).hasMessageContaining("not currently accepting connections");
    }

    @Test
    void wrongPassword() throws IOException {
        ThrowawayPostgres strict = ThrowawayPostgres.startWithPasswords();
        try {
            Path pgpass = pgpass("*:*:*:*:wrong", "rw-------");
            Connection wrong =
                    new Connection(null, null, strict.socketFolder(), "refused", pgpass, null, strict.programs());
            strict.sql("postgres", "CREATE ROLE refused LOGIN PASSWORD 'right'");
            Failure failure = refusal(wrong, "postgres");
            assertThat(failure.exitCode()).isEqualTo(ExitCode.LOGIN);
            assertThat(failure.getMessage() + failure.hint())
                    .contains("password authentication failed")
                    .doesNotContain("wrong");

            Files.writeString(pgpass, "*:*:*:*:right");
            try (PostgresSource source = new PostgresSource(wrong, "postgres", 1)) {
                assertThat(source.open().warnings()).anyMatch(warning -> warning.contains("passwords of roles"));
            }
        } finally {
            strict.stop(true);
        }
    }

    @Test
    void aPasswordFileThatOthersCanRead() throws IOException {
        Path pgpass = pgpass("*:*:*:*:secret", "rw-r--r--");
        Failure failure = refusal(
                new Connection(null, null, server.socketFolder(), "postgres", pgpass, null, server.programs()),
                DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.SECRET);
        assertThat(failure).hasMessageContaining("can be read by everybody");
    }

    @Test
    void aMissingClientAndOneThatIsTooOld() throws IOException {
        Connection empty = new Connection(null, null, server.socketFolder(), "postgres", null, null, folder);
        assertThat(refusal(empty, DATABASE))
                .hasMessageContaining("pg_dump")
                .extracting(Failure::exitCode)
                .isEqualTo(ExitCode.CLIENT);

        program("pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'");
        Files.createSymbolicLink(folder.resolve("psql"), server.programs().resolve("psql"));
        assertThat(refusal(empty, DATABASE))
                .hasMessageMatching("pg_dump 9.6.24 cannot dump a server of version 1\\d\\..*")
                .extracting(Failure::exitCode)
                .isEqualTo(ExitCode.CLIENT);
    }

    @Test
    void whatTheRoleCannotReadIsNamed() {
        server.sql(DATABASE, """
                CREATE TABLE readable (a integer);
                CREATE TABLE "Hid den" (a integer);
                CREATE SCHEMA closed;
                CREATE TABLE closed.inside (a integer);
                CREATE SEQUENCE counter;
                GRANT SELECT ON readable, closed.inside TO refused;
                GRANT USAGE ON SEQUENCE counter TO refused;
                SELECT lo_create(7001), lo_create(7002);
                GRANT SELECT ON LARGE OBJECT 7002 TO refused;
                """);
        Failure failure = refusal(as("refused"), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.PRIVILEGE);
        assertThat(failure)
                .hasMessage("role refused cannot read large object 7001, sequence public.counter,"
                        + " table closed.inside, table public.\"Hid den\"");

        server.sql(DATABASE, "GRANT pg_read_all_data TO refused; GRANT SELECT ON LARGE OBJECT 7001 TO PUBLIC;");
        try (PostgresSource source = new PostgresSource(as("refused"), DATABASE, 1)) {
            assertThat(catchThrowableOfType(IOException.class, source::open)).isNull();
        }
    }

    @Test
    void aDatabaseThatTheRoleMayNotEnter() {
        server.sql("postgres", "REVOKE CONNECT ON DATABASE " + DATABASE + " FROM PUBLIC");
        Failure failure = refusal(as("refused"), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.PRIVILEGE);
        assertThat(failure).hasMessageContaining("lacks the privilege CONNECT on the database");
        assertThat(failure.hint()).startsWith("GRANT CONNECT ON DATABASE \"" + DATABASE + "\"");
    }

    @Test
    void rowsThatRowSecurityHidesAreNotLeftOut() {
        server.sql(
                DATABASE,
                "CREATE TABLE t (a integer); ALTER TABLE t ENABLE ROW LEVEL SECURITY; GRANT SELECT ON t TO refused");
        Failure failure = refusal(as("refused"), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.PRIVILEGE);
        assertThat(failure).hasMessageContaining("hides rows from role refused in table public.t");
    }

    @Test
    void whatAnInPlaceRestoreHasNotFinishedIsNoBackup() throws IOException {
        mark(PostgresMarker.Role.HALF_RESTORED, DATABASE);
        Failure failure = refusal(as("postgres"), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
        assertThat(failure).hasMessageContaining(DATABASE + " is half restored");
        assertThat(failure.hint()).contains("repeat that restore");
        // one that was renamed by hand is the administrator's own
        mark(PostgresMarker.Role.HALF_RESTORED, "another");
        try (PostgresSource source = new PostgresSource(as("postgres"), DATABASE, 1)) {
            assertThat(catchThrowableOfType(IOException.class, source::open)).isNull();
        }
    }

    private void mark(PostgresMarker.Role role, String of) {
        PostgresMarker mark =
                new PostgresMarker(role, of, UUID.randomUUID(), Instant.now(), UUID.randomUUID(), null, null);
        server.sql(
                "postgres",
                "COMMENT ON DATABASE " + PostgresClients.identifier(DATABASE) + " IS "
                        + PostgresClients.literal(mark.text()));
    }

    @Test
    void aTableThatSomebodyElseKeepsLockedIsNamed() throws Exception {
        server.sql(DATABASE, "CREATE TABLE \"lo cked\" (a integer)");
        try (var holder = new PostgresClients(as("postgres")).session(DATABASE)) {
            holder.execute("BEGIN; LOCK TABLE \"lo cked\"");
            String pid = holder.value("SELECT pg_backend_pid()");
            Failure failure = refusal(as("postgres"), DATABASE);
            assertThat(failure.exitCode()).isEqualTo(ExitCode.BUSY);
            assertThat(failure).hasMessage("table public.\"lo cked\" is locked by the session with process id " + pid);
        }
    }

    @Test
    void moreTablesThanTheServerCanLock() {
        ThrowawayPostgres small =
                ThrowawayPostgres.startWith(List.of("max_locks_per_transaction=10", "max_connections=10"));
        try {
            small.sql("postgres", "CREATE DATABASE many");
            for (int part = 0; part < 40; part++) {
                small.sql(
                        "many",
                        "SELECT format('CREATE TABLE t_%s_%s ()', " + part
                                + ", i) FROM generate_series(1, 50) AS i \\gexec");
            }
            Failure failure = refusal(PostgresDump.connection(small, "postgres"), "many");
            assertThat(failure.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
            assertThat(failure.hint()).contains("max_locks_per_transaction");
        } finally {
            small.stop(true);
        }
    }

    private Path pgpass(String line, String mode) throws IOException {
        Path file = folder.resolve("pgpass");
        Files.writeString(file, line);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private void program(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
