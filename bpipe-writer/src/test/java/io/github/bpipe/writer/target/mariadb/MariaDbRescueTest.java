package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A live database that the server itself can hardly read any more is restored like any other. */
@Timeout(120)
class MariaDbRescueTest {
    private static final String LIVE = "damaged";

    @Test
    void whatTheServerCannotReadHoldsUpNoRestore() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.startWith(List.of());
        server.sql("", "CREATE DATABASE " + LIVE);
        server.sql(
                LIVE,
                "CREATE TABLE good (i INT); INSERT INTO good VALUES (1); CREATE TABLE lost (i INT);"
                        + "CREATE TABLE garbled (i INT); CREATE TABLE a_garbled (i INT PRIMARY KEY);"
                        + "CREATE TABLE `no definition` (i INT);"
                        + "CREATE VIEW v AS SELECT i FROM good; CREATE VIEW w AS SELECT i FROM lost;"
                        + "CREATE TRIGGER tr BEFORE INSERT ON good FOR EACH ROW SET @x = 1;"
                        + "CREATE FUNCTION f() RETURNS INT RETURN 1");
        MariaDbDump dump = MariaDbDump.of(server, LIVE);
        Map<String, String> before = MariaDbFingerprint.of(server, LIVE);
        server.sql(
                LIVE,
                "INSERT INTO good VALUES (2); CREATE TABLE dropped (i INT);"
                        + "CREATE VIEW without_table AS SELECT i FROM dropped; DROP TABLE dropped");
        server.stop(false);
        Path files = server.folder().resolve("data").resolve(LIVE);
        Files.delete(files.resolve("lost.ibd"));
        Files.delete(files.resolve("no@0020definition.frm"));
        Files.writeString(files.resolve("garbled.frm"), "garbage");
        Files.writeString(files.resolve("a_garbled.frm"), "garbage");
        server.start();

        SwitchReport report = restore(server, dump);

        assertThat(MariaDbFingerprint.of(server, LIVE)).isEqualTo(before);
        assertThat(server.sql(report.former(), "SELECT SUM(i) FROM good")).isEqualTo("3\n");
        assertThat(report.warnings())
                .anyMatch(warning -> warning.startsWith("the table lost of the live database could not be read"))
                .anyMatch(warning -> warning.startsWith("the table garbled of the live database could not be read"))
                .anyMatch(warning -> warning.startsWith("the views of damaged cannot be read"));
        server.stop(true);
    }

    @Test
    void damagedTriggersAndTablesOfOtherEnginesHoldUpNoRestore() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.startWith(List.of());
        server.sql("", "CREATE DATABASE " + LIVE);
        server.sql(
                LIVE,
                "CREATE TABLE good (i INT); INSERT INTO good VALUES (1);"
                        + "CREATE TRIGGER named BEFORE INSERT ON good FOR EACH ROW SET @`a;b` = 'x;y';"
                        + "CREATE TABLE bare (i INT); INSERT INTO bare VALUES (1);"
                        + "CREATE TRIGGER lost BEFORE INSERT ON bare FOR EACH ROW SET @x = 1;"
                        + "CREATE TABLE broken (i INT); INSERT INTO broken VALUES (1);"
                        + "CREATE TRIGGER of_broken BEFORE INSERT ON broken FOR EACH ROW SET @x = 1;"
                        + "CREATE TABLE empty (i INT); CREATE TRIGGER of_empty AFTER INSERT ON empty FOR EACH ROW SET @x = 1;"
                        + "CREATE TABLE aria_index (i INT) ENGINE = Aria; CREATE TABLE aria_data (i INT) ENGINE = Aria;"
                        + "CREATE TABLE myisam_index (i INT) ENGINE = MyISAM;"
                        + "CREATE TABLE myisam_data (i INT) ENGINE = MyISAM;"
                        + "CREATE TABLE parts (i INT) PARTITION BY HASH (i) PARTITIONS 2; CREATE VIEW v AS SELECT i FROM good;"
                        + "CREATE TRIGGER stray BEFORE UPDATE ON good FOR EACH ROW SET @x = 1");
        MariaDbDump dump = MariaDbDump.of(server, LIVE);
        Map<String, String> before = MariaDbFingerprint.of(server, LIVE);
        server.sql(
                LIVE,
                "INSERT INTO good VALUES (2); INSERT INTO bare VALUES (2); DROP TRIGGER stray;"
                        + "CREATE TABLE never (i INT) PARTITION BY HASH (i) PARTITIONS 2");
        server.stop(false);
        Path files = server.folder().resolve("data").resolve(LIVE);
        Files.writeString(files.resolve("named.TRN"), "garbage");
        Files.delete(files.resolve("lost.TRN"));
        Files.writeString(files.resolve("stray.TRN"), "TYPE=TRIGGERNAME\ntrigger_table=gone\n");
        Path broken = files.resolve("broken.TRG");
        Files.writeString(broken, Files.readString(broken).replace("BEFORE", "BE FORE"));
        Files.writeString(files.resolve("empty.TRG"), "");
        Files.writeString(files.resolve("aria_index.MAI"), "garbage");
        Files.delete(files.resolve("aria_data.MAD"));
        Files.writeString(files.resolve("myisam_index.MYI"), "garbage");
        Files.delete(files.resolve("myisam_data.MYD"));
        Files.delete(files.resolve("parts.par"));
        Files.writeString(files.resolve("never.par"), "garbage");
        Files.writeString(files.resolve("v.frm"), "garbage");
        Files.writeString(files.resolve("db.opt"), "garbage");
        server.start();

        SwitchReport report = restore(server, dump);

        server.stop(false);
        try (Stream<Path> left = Files.list(files)) {
            for (Path file : left.filter(file -> file.getFileName().toString().startsWith("never"))
                    .toList()) {
                Files.delete(file);
            }
        }
        server.start();
        assertThat(MariaDbFingerprint.of(server, LIVE)).isEqualTo(before);
        assertThat(server.sql(report.former(), "SELECT SUM(i) FROM good; SELECT SUM(i) FROM bare"))
                .isEqualTo("3\n3\n");
        for (String table : List.of("broken", "aria_index", "aria_data", "myisam_index", "myisam_data", "parts")) {
            assertThat(report.warnings())
                    .anyMatch(warning ->
                            warning.startsWith("the table " + table + " of the live database could not be read"));
        }
        assertThat(report.warnings())
                .anyMatch(warning -> warning.startsWith("the table never of the live database can neither be read"));
        server.stop(true);
    }

    @Test
    void aDatabaseWhoseFolderIsGoneIsRestored() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.startWith(List.of());
        server.sql("", "CREATE DATABASE " + LIVE);
        server.sql(
                LIVE,
                "CREATE TABLE t (i INT); INSERT INTO t VALUES (1); CREATE PROCEDURE p() SELECT 1;"
                        + "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @x = 1; CREATE VIEW v AS SELECT i FROM t");
        MariaDbDump dump = MariaDbDump.of(server, LIVE);
        Map<String, String> before = MariaDbFingerprint.of(server, LIVE);
        FileUtils.deleteDirectory(server.folder().resolve("data").resolve(LIVE).toFile());
        restore(server, dump);
        assertThat(MariaDbFingerprint.of(server, LIVE)).isEqualTo(before);
        server.stop(true);
    }

    @Test
    void aFileThatTheServerCannotGetRidOfIsNamed() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.startWith(List.of());
        server.sql("", "CREATE DATABASE " + LIVE);
        server.sql(
                LIVE,
                "CREATE TABLE t (i INT); INSERT INTO t VALUES (1);"
                        + "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @x = 1");
        MariaDbDump dump = MariaDbDump.of(server, LIVE);
        server.sql(LIVE, "DROP TRIGGER tr; INSERT INTO t VALUES (2)");
        Path file = server.folder().resolve("data").resolve(LIVE).resolve("tr.TRN");
        Files.writeString(file, "garbage");
        Map<String, String> live = MariaDbFingerprint.of(server, LIVE);
        assertThat(MariaDbRefusalTest.refusal(() -> restore(server, dump)))
                .hasMessageContaining("cannot create the trigger tr in " + LIVE)
                .satisfies(failure -> assertThat(failure.hint()).contains("tr.TRN"));
        assertThat(MariaDbFingerprint.of(server, LIVE)).isEqualTo(live);
        assertThat(server.sql("", "SHOW DATABASES")).doesNotContain("__bpipe");
        Files.delete(file);
        restore(server, dump);
        assertThat(server.sql(LIVE, "SELECT SUM(i) FROM t; SHOW TRIGGERS"))
                .startsWith("1\n")
                .contains("tr");
        server.stop(true);
    }

    private static SwitchReport restore(ThrowawayMariaDb server, MariaDbDump dump) throws IOException {
        Connection connection = new Connection(null, null, server.socket(), "root", null, null, null);
        TargetOptions options = new TargetOptions(connection, null, false, true, true, true);
        return dump.restore(new MariaDbTarget(Engine.MARIADB, options, Duration.ofSeconds(3), step -> {}), () -> {});
    }
}
