package io.github.bpipe.reader.source.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbHalfRestored;
import io.github.bpipe.core.engine.MariaDbUnfinished;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.reader.source.SourceFacts;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MariaDbPreflightTest {
    private static final String DATABASE = "pre_x";
    private static final String PASSWORD = "a'b\\\"c#d e";

    private final ThrowawayMariaDb server = ThrowawayMariaDb.shared();

    @TempDir
    private Path folder;

    @BeforeEach
    void create() {
        drop();
        server.sql(
                "",
                "CREATE DATABASE pre_x; CREATE USER pre_user@localhost IDENTIFIED BY 'a''b\"c#d e'; CREATE ROLE pre_role;"
                        + " CREATE ROLE pre_inner");
        server.sql(DATABASE, "CREATE TABLE t (id int PRIMARY KEY); CREATE VIEW v AS SELECT * FROM t");
    }

    @AfterEach
    void drop() {
        server.sql(
                "",
                "DROP DATABASE IF EXISTS pre_x; DROP USER IF EXISTS pre_user@localhost; DROP ROLE IF EXISTS pre_role,"
                        + " pre_inner");
    }

    private Path optionFile(String text) throws IOException {
        Path file = folder.resolve("options.cnf");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text);
    }

    private Connection asUser() throws IOException {
        Path file = optionFile("[client]\nuser=pre_user\npassword=\"" + PASSWORD + "\"\n");
        return new Connection(null, null, server.socket(), null, file, null, null);
    }

    private Failure refusal(Connection connection, String database) {
        return refusal(new MariaDbSource(Engine.MARIADB, connection, database, Set.of(), 1));
    }

    private static Failure refusal(MariaDbSource source) {
        Failure failure;
        try (source) {
            failure = catchThrowableOfType(Failure.class, source::open);
        }
        assertThat(failure).as("a refusal").isNotNull();
        assertThat(failure.hint()).isNotBlank();
        assertThat(failure.getMessage()).doesNotContain("c#d e");
        return failure;
    }

    private SourceFacts open(Connection connection) throws IOException {
        try (MariaDbSource source = new MariaDbSource(Engine.MARIADB, connection, DATABASE, Set.of(), 1)) {
            return source.open();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE | ",
                "SHOW VIEW, TRIGGER, EVENT, EXECUTE         | SELECT",
                "SELECT, TRIGGER, EVENT, EXECUTE            | SHOW VIEW",
                "SELECT, SHOW VIEW, EVENT, EXECUTE          | TRIGGER",
                "SELECT, SHOW VIEW, TRIGGER, EXECUTE        | EVENT",
                "SELECT, EXECUTE                            | SHOW VIEW, TRIGGER, EVENT",
                "SELECT, SHOW VIEW, TRIGGER, EVENT          | the right to read routines",
                "ALL                                        | ",
            })
    void eachMissingPrivilegeIsNamed(String granted, String missing) throws IOException {
        server.sql("", "GRANT " + granted + " ON pre_x.* TO pre_user@localhost");
        if (missing == null) {
            assertThatCode(() -> open(asUser())).doesNotThrowAnyException();
            return;
        }
        Failure failure = refusal(asUser(), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.PRIVILEGE);
        assertThat(failure.getMessage()).contains("lacks " + missing + " on pre_x");
    }

    @Test
    void privilegesCountWhereverTheyAreGranted() throws IOException {
        server.sql(
                "",
                "GRANT SELECT, SHOW VIEW ON `pre\\_%`.* TO pre_inner; GRANT pre_inner TO pre_role; GRANT EVENT ON *.* TO"
                        + " pre_role; GRANT pre_role TO pre_user@localhost; SET DEFAULT ROLE pre_role FOR pre_user@localhost;"
                        + " GRANT SELECT ON mysql.proc TO pre_user@localhost");
        assertThat(refusal(asUser(), DATABASE).getMessage()).contains("lacks TRIGGER on");
        server.sql("", "GRANT TRIGGER ON pre_x.* TO PUBLIC");
        try {
            assertThatCode(() -> open(asUser())).doesNotThrowAnyException();
        } finally {
            server.sql("", "REVOKE TRIGGER ON pre_x.* FROM PUBLIC");
        }
    }

    @Test
    void privilegesOnOneTableAreNotEnough() throws IOException {
        server.sql("", "GRANT SELECT, SHOW VIEW, TRIGGER ON pre_x.t TO pre_user@localhost");
        assertThat(refusal(asUser(), DATABASE).getMessage()).contains("lacks SELECT, SHOW VIEW, TRIGGER, EVENT on");
    }

    @Test
    void routinesWhoseBodyIsHiddenAreNamed() throws IOException {
        server.sql(DATABASE, "CREATE PROCEDURE hidden() SELECT 1");
        server.sql("", "GRANT ALL ON pre_x.* TO pre_user@localhost");
        Failure failure = refusal(asUser(), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.PRIVILEGE);
        assertThat(failure.getMessage()).contains("bodies of hidden");
        server.sql("", "GRANT SELECT ON mysql.proc TO pre_user@localhost");
        assertThatCode(() -> open(asUser())).doesNotThrowAnyException();
    }

    @Test
    void whatAnInPlaceRestoreHasNotFinishedIsNoBackup() throws IOException {
        String mark = "CREATE TABLE " + MariaDbHalfRestored.TABLE + " (stream VARCHAR(64)) ENGINE = InnoDB";
        try (MariaDbSource admitted = source(Set.of())) {
            admitted.open();
            server.sql(DATABASE, mark);
            Failure late = catchThrowableOfType(
                    Failure.class,
                    () -> admitted.dump(
                            (phase, object, filled, length, rows, continues) -> filled, new ObjectLedger()));
            assertThat(late.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
            assertThat(late).hasMessageContaining("pre_x is half restored");
        }
        Failure failure = refusal(source(Set.of()));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
        assertThat(failure).hasMessageContaining("pre_x is half restored");
        assertThat(failure.hint()).contains("repeat that restore");
    }

    @Test
    void whatASwitchHasNotFinishedIsNoBackup() throws IOException {
        try (MariaDbSource admitted = source(Set.of())) {
            admitted.open();
            server.sql(DATABASE, MariaDbUnfinished.mark(DATABASE));
            Failure late = catchThrowableOfType(
                    Failure.class,
                    () -> admitted.dump(
                            (phase, object, filled, length, rows, continues) -> filled, new ObjectLedger()));
            assertThat(late).hasMessageContaining("ended in the middle of its switch");
        }
        Failure failure = refusal(source(Set.of()));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
        assertThat(failure).hasMessageContaining("ended in the middle of its switch");
        assertThat(failure.hint()).contains("bpipe-writer recover");
    }

    @Test
    void tablesWithoutTransactionsAreNamedUnlessAccepted() {
        server.sql(
                DATABASE,
                "CREATE TABLE m1 (id int) ENGINE=MyISAM; CREATE TABLE m2 (id int) ENGINE=Aria;"
                        + " CREATE TABLE m3 (id int) ENGINE=MEMORY; CREATE TABLE m4 (id int NOT NULL) ENGINE=CSV");
        Failure failure = refusal(MariaDbDumps.root(server), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
        assertThat(failure.getMessage()).endsWith("m1 (MyISAM), m2 (Aria), m3 (MEMORY), m4 (CSV)");
        assertThat(refusal(source(Set.of("m1", "m2", "m4"))).getMessage()).endsWith("consistently: m3 (MEMORY)");
        try (MariaDbSource accepting = source(Set.of("m1", "m2", "m3", "m4"))) {
            assertThatCode(accepting::open).doesNotThrowAnyException();
        }
    }

    private MariaDbSource source(Set<String> accepted) {
        return new MariaDbSource(Engine.MARIADB, MariaDbDumps.root(server), DATABASE, accepted, 1);
    }

    @Test
    void everyInvalidViewIsNamed() {
        server.sql(
                DATABASE,
                "CREATE TABLE gone (id int); CREATE VIEW bad1 AS SELECT * FROM gone; CREATE VIEW bad2 AS SELECT *"
                        + " FROM bad1; DROP TABLE gone");
        Failure failure = refusal(MariaDbDumps.root(server), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.UNSUITABLE);
        assertThat(failure.getMessage()).contains("bad1").contains("bad2").doesNotContain(" v (");
    }

    @Test
    void missingDefinersAreWarnedOf() throws IOException {
        server.sql(
                DATABASE,
                "CREATE DEFINER='no one'@'%' PROCEDURE p() SELECT 1; CREATE DEFINER=nobody@h VIEW w AS SELECT 1");
        assertThat(open(MariaDbDumps.root(server)).warnings())
                .anyMatch(warning -> warning.contains("`no one`@`%` does not exist"))
                .anyMatch(warning -> warning.contains("`nobody`@`h` does not exist"));
    }

    @Test
    void accountsAreThoseOfTheDatabaseAlone() throws IOException {
        server.sql(
                "",
                "GRANT SELECT, INSERT ON `pre\\_x`.* TO pre_role; GRANT pre_role TO pre_user@localhost; GRANT UPDATE ON"
                        + " pre_x.t TO pre_user@localhost; GRANT PROCESS ON *.* TO pre_user@localhost; CREATE USER pre_other@localhost;"
                        + " GRANT SELECT ON mysql.* TO pre_other@localhost");
        try {
            var accounts = open(MariaDbDumps.root(server)).accounts();
            assertThat(accounts)
                    .extracting(Header.Account::name)
                    .contains("`pre_user`@`localhost`", "`pre_role`")
                    .noneMatch(name -> name.contains("root") || name.contains("pre_other"));
            Header.Account user = accounts.stream()
                    .filter(account -> account.name().contains("pre_user"))
                    .findFirst()
                    .orElseThrow();
            assertThat(user.create())
                    .startsWith("CREATE USER IF NOT EXISTS `pre_user`@`localhost` IDENTIFIED BY PASSWORD '*");
            assertThat(user.grants())
                    .containsExactlyInAnyOrder(
                            "GRANT `pre_role` TO `pre_user`@`localhost`",
                            "GRANT UPDATE ON `pre_x`.`t` TO `pre_user`@`localhost`");
            // each is harmless where it exists
            accounts.forEach(account -> server.sql("", account.create() + ";" + String.join(";", account.grants())));
        } finally {
            server.sql("", "DROP USER pre_other@localhost");
        }
    }

    @Test
    void factsDescribeTheDatabase() throws IOException {
        server.sql("", "ALTER DATABASE pre_x CHARACTER SET utf8mb3 COLLATE utf8mb3_german2_ci");
        SourceFacts facts = open(MariaDbDumps.root(server));
        assertThat(facts.serverVersion()).contains("MariaDB");
        assertThat(facts.clientVersion()).contains("MariaDB");
        assertThat(facts.properties().get("charset").asText()).isEqualTo("utf8mb3");
        assertThat(facts.properties().get("collation").asText()).isEqualTo("utf8mb3_german2_ci");
        assertThat(facts.position()).isNull();
        assertThat(facts.estimatedBytes().orElseThrow()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql", "Information_Schema", "performance_schema", "sys", "a'b", "a\\b"})
    void databasesThatCannotBeDumpedAreRefused(String database) {
        assertThat(refusal(MariaDbDumps.root(server), database).exitCode()).isEqualTo(ExitCode.UNSUITABLE);
    }

    @Test
    void unknownDatabaseAndOneThatIsOutOfSight() throws IOException {
        assertThat(refusal(MariaDbDumps.root(server), "pre_none").exitCode()).isEqualTo(ExitCode.NO_DATABASE);
        assertThat(refusal(asUser(), DATABASE).exitCode()).isEqualTo(ExitCode.PRIVILEGE);
    }

    @Test
    void theEngineMustBeTheServers() {
        Failure failure = refusal(new MariaDbSource(Engine.MYSQL, MariaDbDumps.root(server), DATABASE, Set.of(), 1));
        assertThat(failure.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(failure.hint()).contains("--engine mariadb");
    }

    @Test
    void noServerNoLoginNoClient() throws IOException {
        Connection away = new Connection(null, null, folder.resolve("none"), "root", null, null, null);
        assertThat(refusal(away, DATABASE).exitCode()).isEqualTo(ExitCode.CONNECT);
        Path wrong = optionFile("[client]\nuser=pre_user\npassword=wrong\n");
        Connection intruder = new Connection(null, null, server.socket(), null, wrong, null, null);
        assertThat(refusal(intruder, DATABASE).exitCode()).isEqualTo(ExitCode.LOGIN);
        Connection bare = new Connection(null, null, server.socket(), "root", null, null, folder);
        assertThat(refusal(bare, DATABASE).exitCode()).isEqualTo(ExitCode.CLIENT);
    }

    @Test
    void aDumpProgramThatIsTooOldIsNamedWithItsVersion() throws IOException {
        Path old = folder.resolve("mariadb-dump");
        Files.writeString(old, "#!/bin/sh\necho 'mysqldump  Ver 10.16 Distrib 10.1.48-MariaDB, for Linux (x86_64)'\n");
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createSymbolicLink(folder.resolve("mariadb"), Path.of(Programs.find("mariadb", "mariadb-client")));
        Failure failure = refusal(new Connection(null, null, server.socket(), "root", null, null, folder), DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.CLIENT);
        assertThat(failure.getMessage()).contains("10.1.48").contains("10.3");
    }

    @Test
    void optionFilesThatAreMissingOpenToAllOrHarmful() throws IOException {
        Connection missing = new Connection(null, null, server.socket(), null, folder.resolve("no.cnf"), null, null);
        assertThat(refusal(missing, DATABASE).exitCode()).isEqualTo(ExitCode.SECRET);
        Path file = optionFile("[client]\nuser=root\n[mysqldump]\nwhere=1=0\nignore_table=pre_x.t\nskip-triggers\n");
        Connection harmful = new Connection(null, null, server.socket(), null, file, null, null);
        Failure failure = refusal(harmful, DATABASE);
        assertThat(failure.exitCode()).isEqualTo(ExitCode.CLIENT);
        assertThat(failure.getMessage()).endsWith("ignore-table, where");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(refusal(harmful, DATABASE).exitCode()).isEqualTo(ExitCode.SECRET);
    }
}
