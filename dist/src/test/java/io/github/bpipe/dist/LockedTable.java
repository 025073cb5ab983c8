package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** A table of a throwaway server that somebody else has locked. */
final class LockedTable {
    /** What happens meanwhile. */
    interface Step {
        void run() throws Exception;
    }

    private LockedTable() {}

    /**
     * Lets the hook of a run go on only when the table is locked, and waits until the run meets the lock.
     *
     * @param lock table and kind, as behind {@code LOCK TABLES}
     * @param fifo that the hook reads
     */
    static void meets(ThrowawayMariaDb server, String lock, Path fifo, BackgroundRun run, Step step) throws Exception {
        Process holder = new ProcessBuilder(
                        "mariadb", "--no-defaults", "--socket=" + server.socket(), "--user=root", "-nN")
                .start();
        try (OutputStream waits = Files.newOutputStream(fifo);
                OutputStream statements = holder.getOutputStream()) {
            statements.write(("LOCK TABLES " + lock + "; SELECT 1;\n").getBytes(StandardCharsets.US_ASCII));
            statements.flush();
            assertThat(holder.getInputStream().read()).isEqualTo('1');
            waits.write('\n');
            waits.flush();
            Instant limit = Instant.now().plus(Duration.ofMinutes(1));
            while (server.sql("", "SELECT 1 FROM information_schema.processlist WHERE state LIKE '%metadata lock%'")
                    .isBlank()) {
                assertThat(Instant.now())
                        .as("waited for the lock: " + run.stderr())
                        .isBefore(limit);
                Thread.sleep(20);
            }
            step.run();
        } finally {
            holder.destroy();
            holder.waitFor();
        }
    }
}
