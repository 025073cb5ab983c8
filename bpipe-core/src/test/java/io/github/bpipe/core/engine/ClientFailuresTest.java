package io.github.bpipe.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the errors of the native clients become, asked of real servers. */
@Timeout(120)
class ClientFailuresTest {
    private static final String SECRET = "s3cret";

    @TempDir
    private Path folder;

    @Test
    void mariaDbThatIsNotThere() {
        Connection nowhere = new Connection(null, null, folder.resolve("none"), "root", null, null, null);
        assertThat(failure(nowhere, null, "SELECT 1"))
                .returns(ExitCode.CONNECT, Failure::exitCode)
                .hasMessageStartingWith("cannot reach socket " + folder.resolve("none") + ": ERROR 2002");
    }

    @Test
    void mariaDbThatRefusesTheLogin() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.shared();
        server.sql("", "CREATE OR REPLACE USER failing@localhost IDENTIFIED BY '" + SECRET + "'");
        Path wrong = secret("[client]\npassword=wrong-one\n");
        assertThat(failure(mariaDb("failing", wrong), null, "SELECT 1"))
                .returns(ExitCode.LOGIN, Failure::exitCode)
                .hasMessageContaining("login refused")
                .hasMessageContaining("ERROR 1045")
                .hasMessageNotContaining("wrong-one");
        server.sql("", "DROP USER failing@localhost");
    }

    @Test
    void mariaDbWithoutTheDatabaseOrThePrivilege() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.shared();
        assertThat(failure(mariaDb("root", null), "no_such_database", "SELECT 1"))
                .returns(ExitCode.NO_DATABASE, Failure::exitCode)
                .hasMessageContaining("no_such_database");
        server.sql("", "CREATE OR REPLACE USER poor@localhost IDENTIFIED BY '" + SECRET + "'");
        Connection poor = mariaDb("poor", secret("[client]\npassword=" + SECRET + "\n"));
        assertThat(failure(poor, null, "SELECT * FROM mysql.proc"))
                .returns(ExitCode.PRIVILEGE, Failure::exitCode)
                .hasMessageContaining("ERROR 1142");
        assertThat(failure(poor, "mysql", "SELECT 1")).returns(ExitCode.PRIVILEGE, Failure::exitCode);
        server.sql("", "DROP USER poor@localhost");
    }

    @Test
    void theErrorIsFoundBehindAWarning() {
        Failure failure = new MariaDbClients(Engine.MARIADB, Connection.DEFAULT).failure(1, """
                        mysql: Deprecated program name. It will be removed in a future release
                        ERROR 1049 (42000): Unknown database 'shop'
                        """);
        assertThat(failure)
                .hasMessage("ERROR 1049 (42000): Unknown database 'shop'")
                .returns(ExitCode.NO_DATABASE, Failure::exitCode);
    }

    @Test
    void aClientThatSaysNothingIsNamedByItsStatus() {
        assertThat(new MariaDbClients(Engine.MARIADB, Connection.DEFAULT).failure(137, ""))
                .hasMessage("the client failed: exit status 137");
        assertThat(new PostgresClients(Connection.DEFAULT).failure(137, " \n"))
                .hasMessage("the client failed: exit status 137");
    }

    @Test
    void postgresThatIsNotThere() {
        Connection nowhere = new Connection(null, 1, folder, "postgres", null, null, programs());
        assertThat(postgresFailure(nowhere, "postgres", "SELECT 1"))
                .returns(ExitCode.CONNECT, Failure::exitCode)
                .hasMessageStartingWith("cannot reach socket " + folder);
    }

    @Test
    void postgresThatRefusesTheLogin() {
        assertThat(postgresFailure(postgres("no_such_role"), "postgres", "SELECT 1"))
                .returns(ExitCode.LOGIN, Failure::exitCode)
                .hasMessageContaining("no_such_role");
    }

    @Test
    void postgresWithoutTheDatabaseOrThePrivilege() {
        ThrowawayPostgres server = ThrowawayPostgres.shared();
        assertThat(postgresFailure(postgres("postgres"), "no 'such' = \\database", "SELECT 1"))
                .returns(ExitCode.NO_DATABASE, Failure::exitCode)
                .hasMessageContaining("no 'such' = \\database");
        server.sql("postgres", "DROP ROLE IF EXISTS poor; CREATE ROLE poor LOGIN");
        assertThat(postgresFailure(postgres("poor"), "postgres", "SELECT * FROM pg_authid"))
                .returns(ExitCode.PRIVILEGE, Failure::exitCode)
                .hasMessageContaining("permission denied");
        server.sql("postgres", "DROP ROLE poor");
    }

    @Test
    void postgresThatLetsTheRoleIntoAnotherDatabaseOnly() {
        ThrowawayPostgres server = ThrowawayPostgres.shared();
        server.sql("postgres", "DROP DATABASE IF EXISTS \"sh ut\"");
        server.sql("postgres", "CREATE DATABASE \"sh ut\"");
        server.sql("postgres", "REVOKE CONNECT ON DATABASE \"sh ut\" FROM PUBLIC");
        server.sql("postgres", "DROP ROLE IF EXISTS outsider; CREATE ROLE outsider LOGIN");
        Failure failure = postgresFailure(postgres("outsider"), "sh ut", "SELECT 1");
        assertThat(failure)
                .returns(ExitCode.PRIVILEGE, Failure::exitCode)
                .hasMessageStartingWith("the role lacks the privilege CONNECT on the database: ")
                .hasMessageContaining("permission denied for database \"sh ut\"");
        assertThat(failure.hint()).startsWith("GRANT CONNECT ON DATABASE \"sh ut\" TO ");
        // not said of another privilege on the same database
        server.sql("postgres", "GRANT CONNECT ON DATABASE \"sh ut\" TO outsider");
        assertThat(postgresFailure(postgres("outsider"), "sh ut", "CREATE SCHEMA s"))
                .returns(ExitCode.PRIVILEGE, Failure::exitCode)
                .hasMessageNotContaining("CONNECT");
        server.sql("postgres", "DROP DATABASE \"sh ut\"");
        server.sql("postgres", "DROP ROLE outsider");
    }

    @Test
    void aMissingClientIsNamedWithItsPackage() {
        Connection none = new Connection(null, null, null, null, null, null, folder);
        Failure failure =
                catchThrowableOfType(Failure.class, () -> new MariaDbClients(Engine.MYSQL, none).dump(List.of()));
        assertThat(failure)
                .hasMessage("no mysqldump or mariadb-dump in " + folder)
                .returns(ExitCode.CLIENT, Failure::exitCode);
        assertThat(failure.hint()).contains("mariadb-client");
    }

    @Test
    void aSecretThatOthersCanReadIsRefusedBeforeAnyClientRuns() throws IOException {
        Path open = secret("[client]\npassword=x\n");
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        for (Connection connection : List.of(mariaDb("root", open), mariaDb("root", folder.resolve("none")))) {
            assertThat(catchThrowableOfType(Failure.class, () -> new MariaDbClients(Engine.MARIADB, connection)
                            .client(null, List.of())))
                    .returns(ExitCode.SECRET, Failure::exitCode)
                    .hasMessageContaining(connection.optionFile().toString());
            assertThat(catchThrowableOfType(Failure.class, () -> new PostgresClients(connection).psql("d", List.of())))
                    .returns(ExitCode.SECRET, Failure::exitCode);
        }
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r-----"));
        SecretFile.require(open, null);
    }

    @Test
    void aSecretThatTheUserOfTheClientsCannotReadIsSaid() throws IOException {
        Path ours = secret("*:*:*:*:x");
        Connection connection = new Connection(null, null, folder, "u", ours, "nobody", programs());
        assertThat(catchThrowableOfType(Failure.class, () -> new PostgresClients(connection).psql("d", List.of())))
                .returns(ExitCode.SECRET, Failure::exitCode)
                .hasMessage("option file " + ours + " cannot be read by nobody");
    }

    static Connection mariaDb(String user, Path optionFile) {
        return new Connection(null, null, ThrowawayMariaDb.shared().socket(), user, optionFile, null, null);
    }

    private static Connection postgres(String user) {
        return new Connection(null, null, ThrowawayPostgres.shared().socketFolder(), user, null, null, programs());
    }

    private static Path programs() {
        return ThrowawayPostgres.shared().programs();
    }

    private static Failure failure(Connection connection, String database, String sql) {
        return catchThrowableOfType(Failure.class, () -> {
            try (SqlSession session = new MariaDbClients(Engine.MARIADB, connection).session(database)) {
                session.query(sql);
            }
        });
    }

    private static Failure postgresFailure(Connection connection, String database, String sql) {
        return catchThrowableOfType(Failure.class, () -> {
            try (SqlSession session = new PostgresClients(connection).session(database)) {
                session.query(sql);
            }
        });
    }

    private Path secret(String content) throws IOException {
        Path file = Files.createFile(
                folder.resolve("secret"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }
}
