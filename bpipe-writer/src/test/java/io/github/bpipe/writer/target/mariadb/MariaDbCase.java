package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;

/** What the tests of MariaDB targets share: a server, a database of a name of its own, and ways to restore. */
abstract class MariaDbCase {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    static final ThrowawayMariaDb SERVER = ThrowawayMariaDb.shared();
    static final Connection CONNECTION = new Connection(null, null, SERVER.socket(), "root", null, null, null);

    final String live = "live" + NUMBER.incrementAndGet();

    @AfterEach
    void dropEverything() {
        for (String schema : schemas().split("\n")) {
            if (!schema.isEmpty() && !MariaDbNames.isSystem(schema)) {
                SERVER.sql("", "SET foreign_key_checks = 0; DROP DATABASE `" + schema.replace("`", "``") + "`");
            }
        }
    }

    static String schemas() {
        return SERVER.sql("", "SHOW DATABASES");
    }

    /** Definitions and contents, without the name of the database where the server or a checksum shows it. */
    static Map<String, String> fingerprint(String database) {
        Map<String, String> found = new TreeMap<>(MariaDbFingerprint.of(SERVER, database));
        found.replaceAll((key, value) -> value.replace(database + ".", ""));
        return found;
    }

    /** Shows only what differs. */
    static void assertSame(Map<String, String> actual, Map<String, String> expected) {
        Map<String, String> found = new TreeMap<>(actual);
        Map<String, String> wanted = new TreeMap<>(expected);
        found.entrySet().removeAll(expected.entrySet());
        wanted.entrySet().removeAll(actual.entrySet());
        assertThat(found).isEqualTo(wanted);
    }

    static String fixture() {
        try (InputStream in = MariaDbCase.class.getResourceAsStream("mariadb-fixture.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void create(String database, String sql) {
        SERVER.sql(
                "", "CREATE DATABASE `" + database.replace("`", "``") + "` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        SERVER.sql(database, sql);
    }

    static TargetOptions options(String into, boolean keep) {
        return new TargetOptions(CONNECTION, into, false, keep, true, true);
    }

    static MariaDbTarget target(TargetOptions options) {
        return new MariaDbTarget(Engine.MARIADB, options, Duration.ofSeconds(3), step -> {});
    }

    static SwitchReport restore(MariaDbDump dump, TargetOptions options) throws IOException {
        return dump.restore(target(options), () -> {});
    }
}
