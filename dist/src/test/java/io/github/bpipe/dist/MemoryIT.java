package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row of 64 MiB passes through the programs without taking their memory. */
class MemoryIT {
    private static final long MOST_RESIDENT_KIB = 400 * 1024;
    private static final int BIG = 64 << 20;

    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void dropDatabases() {
        MARIADB.sql("", "DROP DATABASE IF EXISTS memory; DROP DATABASE IF EXISTS memory_copy");
        AwkwardPostgres.drop(POSTGRES, "memory");
        AwkwardPostgres.drop(POSTGRES, "memory_copy");
    }

    @Test
    void ofMariaDb() throws Exception {
        MARIADB.sql("", "CREATE DATABASE memory");
        AwkwardMariaDb.addBigRow(MARIADB, "memory");
        copyInBoundedMemory("mariadb", "memory", "memory_copy", "--socket=" + MARIADB.socket(), "--user=root");
        String checksum = "SELECT MD5(`blob`) FROM `big row` ORDER BY id";
        assertThat(MARIADB.sql("memory_copy", checksum)).isEqualTo(MARIADB.sql("memory", checksum));
    }

    @Test
    void ofPostgres() throws Exception {
        POSTGRES.sql("postgres", "CREATE DATABASE memory");
        AwkwardPostgres.addBigRow(POSTGRES, "memory", BIG);
        copyInBoundedMemory(
                "postgresql",
                "memory",
                "memory_copy",
                "--socket=" + POSTGRES.socketFolder(),
                "--user=postgres",
                "--clients=" + POSTGRES.programs());
        String checksum = "SELECT id, length(b), md5(b) FROM big_rows ORDER BY id";
        assertThat(POSTGRES.sql("memory_copy", checksum)).isEqualTo(POSTGRES.sql("memory", checksum));
    }

    @Test
    void ofSqlite() throws Exception {
        Path live = folder.resolve("live.db");
        Path copy = folder.resolve("copy.db");
        AwkwardSqlite.sql(live, "CREATE TABLE t (a)", "INSERT INTO t VALUES (randomblob(" + BIG + ")), ('small')");
        copyInBoundedMemory("sqlite", live.toString(), copy.toString());
        assertThat(SqliteFingerprint.of(copy)).isEqualTo(SqliteFingerprint.of(live));
    }

    private void copyInBoundedMemory(String engine, String database, String into, String... connection)
            throws Exception {
        File nothing = new File("/dev/null");
        File stream = folder.resolve("stream").toFile();
        File err = folder.resolve("err").toFile();
        Process reader = Installed.start(
                Installed.READER,
                nothing,
                stream,
                err,
                Map.of(),
                arguments(connection, "--engine=" + engine, "--database=" + database));
        assertThat(peakKib(reader)).isBetween(1L, MOST_RESIDENT_KIB);
        assertThat(reader.exitValue()).as(Files.readString(err.toPath())).isZero();
        Process writer = Installed.start(
                Installed.WRITER, stream, nothing, err, Map.of(), arguments(connection, "--into=" + into));
        assertThat(peakKib(writer)).isBetween(1L, MOST_RESIDENT_KIB);
        assertThat(writer.exitValue()).as(Files.readString(err.toPath())).isZero();
    }

    private static String[] arguments(String[] connection, String... more) {
        return Stream.concat(Stream.of(more), Stream.of(connection)).toArray(String[]::new);
    }

    /** The most that the program itself had resident, as last seen before it ended; its children do not count. */
    private static long peakKib(Process process) throws Exception {
        // the launcher replaces itself by java, so this is java's own
        Path status = Path.of("/proc/" + process.pid() + "/status");
        long peak = 0;
        while (!process.waitFor(10, TimeUnit.MILLISECONDS)) {
            peak = Math.max(peak, peakKib(status));
        }
        return peak;
    }

    private static long peakKib(Path status) throws IOException {
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .max()
                    .orElse(0);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
