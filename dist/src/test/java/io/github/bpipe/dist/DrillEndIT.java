package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A drill that is ended in the middle leaves no server and no data, whatever ends it. */
@Timeout(180)
class DrillEndIT {
    private static final int LIMIT_SECONDS = 60;

    @TempDir
    private static Path folder;

    private static DrillBench bench;

    @BeforeAll
    static void makeDatabases() throws IOException {
        bench = new DrillBench(folder);
    }

    @AfterAll
    static void drop() throws IOException {
        bench.drop();
    }

    @ParameterizedTest
    @CsvSource({"mariadb, TERM, 143", "postgresql, TERM, 143", "postgresql, INT, 130", "sqlite, TERM, 143"})
    void aSignalEndsItAndItTidiesUp(String engine, String signal, int status) throws Exception {
        List<Object> live = bench.live();
        Process drill = begin(engine);
        try (OutputStream in = drill.getOutputStream()) {
            feedHalf(drill, in, engine);
            new ProcessBuilder("kill", "-" + signal, String.valueOf(drill.pid()))
                    .start()
                    .waitFor();
            int ended = Installed.await(drill);
            assertThat(ended).as(Files.readString(folder.resolve("err"))).isEqualTo(status);
        }
        assertThat(Files.readString(folder.resolve("err"))).contains("the drill was ended by a signal");
        assertThat(bench.processes()).isEmpty();
        assertThat(bench.left()).isEmpty();
        assertThat(bench.live()).isEqualTo(live);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void aKilledDrillTakesItsServerWithItAndTheNextOneItsData(String engine) throws Exception {
        Process drill = begin(engine);
        try (OutputStream in = drill.getOutputStream()) {
            feedHalf(drill, in, engine);
            drill.destroyForcibly();
            Installed.await(drill);
        }
        for (ProcessHandle left : bench.processes().toList()) {
            left.onExit().get(LIMIT_SECONDS, TimeUnit.SECONDS);
        }
        assertThat(bench.left()).hasSize(1);
        Installed.Answer next = bench.drill(engine, Files.readAllBytes(bench.stream(engine)));
        assertThat(next.status()).as(next.err()).isZero();
        assertThat(bench.left()).isEmpty();
    }

    private static Process begin(String engine) throws IOException {
        List<String> command = new ArrayList<>(BackgroundRun.INTERRUPTIBLE);
        command.addAll(List.of(Installed.WRITER.toString(), "drill", "--profile=" + engine));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().putAll(bench.environment());
        return builder.start();
    }

    /** Gives it half of the stream, and waits until it restores that; what it reads is not at its end. */
    private static void feedHalf(Process drill, OutputStream in, String engine) throws Exception {
        byte[] stream = Files.readAllBytes(bench.stream(engine));
        in.write(stream, 0, stream.length / 2);
        in.flush();
        Instant limit = Instant.now().plusSeconds(LIMIT_SECONDS);
        while (!isRestoring(engine)) {
            assertThat(drill.isAlive())
                    .as(Files.readString(folder.resolve("err")))
                    .isTrue();
            assertThat(Instant.now()).isBefore(limit);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    /** Its staged copy is there. */
    private static boolean isRestoring(String engine) throws IOException {
        for (Path left : bench.left()) {
            boolean there =
                    switch (engine) {
                        case "sqlite" -> Files.exists(left.resolve(".drill.db.bpipe"));
                        case "mariadb" -> Files.exists(left.resolve("server/data/drilled@0020one__bpipe_new"));
                        default -> bench.processes().count() > 0 && Files.exists(left.resolve("server/.s.PGSQL.5432"));
                    };
            if (there) {
                return true;
            }
        }
        return false;
    }
}
