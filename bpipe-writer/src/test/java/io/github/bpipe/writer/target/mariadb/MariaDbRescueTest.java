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

        Connection connection = new Connection(null, null, server.socket(), "root", null, null, null);
        TargetOptions options = new TargetOptions(connection, null, false, true, true, true);
        SwitchReport report =
                dump.restore(new MariaDbTarget(Engine.MARIADB, options, Duration.ofSeconds(3), step -> {}), () -> {});

        assertThat(MariaDbFingerprint.of(server, LIVE)).isEqualTo(before);
        assertThat(server.sql(report.former(), "SELECT SUM(i) FROM good")).isEqualTo("3\n");
        assertThat(report.warnings())
                .anyMatch(warning -> warning.startsWith("the table lost of the live database could not be read"))
                .anyMatch(warning -> warning.startsWith("the table garbled of the live database could not be read"))
                .anyMatch(warning -> warning.startsWith("the views of damaged cannot be read"));
        server.stop(true);
    }
}
