package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A row of 64 MiB passes through the programs without taking their memory. */
class MemoryIT {
    private static final long MOST_RESIDENT_KIB = 400 * 1024;

    @TempDir
    private Path folder;

    @Test
    void aRowOf64MebibytesPassesInBoundedMemory() throws Exception {
        ThrowawayMariaDb server = ThrowawayMariaDb.shared();
        String[] connection = {"--socket=" + server.socket(), "--user=root"};
        server.sql("", "CREATE DATABASE memory");
        AwkwardMariaDb.addBigRow(server, "memory");
        File nothing = new File("/dev/null");
        File stream = folder.resolve("stream").toFile();
        File err = folder.resolve("err").toFile();
        Process reader = Installed.start(
                Installed.READER,
                nothing,
                stream,
                err,
                Map.of(),
                "--engine=mariadb",
                "--database=memory",
                connection[0],
                connection[1]);
        assertThat(peakKib(reader)).isBetween(1L, MOST_RESIDENT_KIB);
        assertThat(reader.exitValue()).as(Files.readString(err.toPath())).isZero();
        Process writer = Installed.start(
                Installed.WRITER, stream, nothing, err, Map.of(), "--into=memory_copy", connection[0], connection[1]);
        assertThat(peakKib(writer)).isBetween(1L, MOST_RESIDENT_KIB);
        assertThat(writer.exitValue()).as(Files.readString(err.toPath())).isZero();
        String checksum = "SELECT MD5(`blob`) FROM `big row` ORDER BY id";
        assertThat(server.sql("memory_copy", checksum)).isEqualTo(server.sql("memory", checksum));
        server.sql("", "DROP DATABASE memory; DROP DATABASE memory_copy");
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
