package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.reader.encode.ObjectLedger;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dump that something ends half-way is a dump that failed. */
@Timeout(60)
class PostgresInterruptionTest {
    private static final String DATABASE = "interruptions";

    private final ThrowawayPostgres server = ThrowawayPostgres.shared();

    @BeforeEach
    void createDatabase() {
        dropDatabase();
        server.sql("postgres", "CREATE DATABASE " + DATABASE + " TEMPLATE template0");
        server.sql(DATABASE, "CREATE TABLE t AS SELECT i, repeat('x', 1000) FROM generate_series(1, 30000) AS i");
    }

    @AfterEach
    void dropDatabase() {
        AwkwardPostgres.drop(server, DATABASE);
    }

    @Test
    void aDumpThatIsKilledHalfWayIsNoDump() throws IOException {
        try (PostgresSource source = PostgresDump.source(server, DATABASE)) {
            source.open();
            int[] blocks = new int[1];
            Failure failure = catchThrowableOfType(
                    Failure.class,
                    () -> source.dump(
                            (phase, object, filled, length, rows, continues) -> {
                                if ("public.t".equals(object) && blocks[0]++ == 1) {
                                    killOwnDumps();
                                }
                                return filled;
                            },
                            new ObjectLedger()));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
            assertThat(failure).hasMessageContaining("exit status 137");
        }
    }

    private static void killOwnDumps() {
        ownClients()
                .filter(child -> child.info().command().orElse("").endsWith("pg_dump"))
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void aSessionThatIsKilledHalfWayIsNoDump() throws IOException {
        Failure failure = dumpWithLanes(() -> lanes().forEach(ProcessHandle::destroyForcibly));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure).hasMessageContaining("psql failed with exit status 137");
    }

    @Test
    void oneOfTheSessionsThatIsKilledHalfWayEndsTheOthers() throws IOException {
        Failure failure = dumpWithLanes(() -> lanes().findFirst().orElseThrow().destroyForcibly());

        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure).hasMessageContaining("psql failed with exit status 137");
        assertThat(ownClients()).isEmpty();
    }

    @Test
    void sessionsThatAreKilledInTheMiddleOfARowLeaveNobodyWaiting() throws IOException {
        server.sql(
                DATABASE,
                "CREATE TABLE long_rows AS SELECT repeat(md5(i::text), 400000) FROM generate_series(1, 5) AS i;"
                        + "CREATE TABLE more AS TABLE long_rows");
        try (PostgresSource source = PostgresDump.source(server, DATABASE, 3, PostgresDump.LARGE)) {
            source.open();
            boolean[] killed = new boolean[1];
            Failure failure = catchThrowableOfType(
                    Failure.class,
                    () -> source.dump(
                            (phase, object, filled, length, rows, continues) -> {
                                if (continues && !killed[0]) {
                                    killed[0] = true;
                                    awaitAnotherThatWaits();
                                    lanes().forEach(ProcessHandle::destroyForcibly);
                                }
                                return filled;
                            },
                            new ObjectLedger()));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
            assertThat(failure).hasMessageContaining("psql failed with exit status 137");
        }
    }

    /** Until a block of another lane is ready, which has to wait for the end of the row. */
    private static void awaitAnotherThatWaits() {
        Thread current = Thread.currentThread();
        while (Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread != current
                        && thread.getName().startsWith("bpipe-dump-")
                        && thread.getState() == Thread.State.WAITING)) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    @Test
    void aSessionThatTheServerEndsHalfWayIsNoDump() throws IOException {
        Failure failure = dumpWithLanes(() -> server.sql(
                DATABASE,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND query LIKE 'COPY (SELECT%'"));

        assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        assertThat(failure)
                .hasMessageContaining("psql failed with exit status 2")
                .hasMessageContaining("terminating connection due to administrator command");
    }

    @Test
    void whateverBreaksInALaneEndsEverything() throws IOException {
        for (Throwable problem : List.of(
                new IOException("the receiver is gone"),
                new IllegalStateException("defect"),
                new LinkageError("lost"))) {
            try (PostgresSource source = PostgresDump.source(server, DATABASE, 3, PostgresDump.LARGE)) {
                source.open();
                assertThatThrownBy(() -> source.dump(
                                (phase, object, filled, length, rows, continues) ->
                                        "public.t".equals(object) ? throwing(problem) : filled,
                                new ObjectLedger()))
                        .isSameAs(problem);
                assertThat(ownClients()).isEmpty();
            }
        }
    }

    private static byte[] throwing(Throwable problem) throws IOException {
        if (problem instanceof IOException e) {
            throw e;
        }
        if (problem instanceof RuntimeException e) {
            throw e;
        }
        throw (Error) problem;
    }

    /** How a dump fails in which something happens while sessions read the table. */
    private Failure dumpWithLanes(Runnable onSecondBlock) throws IOException {
        try (PostgresSource source = PostgresDump.source(server, DATABASE, 3, PostgresDump.LARGE)) {
            source.open();
            int[] blocks = new int[1];
            return catchThrowableOfType(
                    Failure.class,
                    () -> source.dump(
                            (phase, object, filled, length, rows, continues) -> {
                                if ("public.t".equals(object) && blocks[0]++ == 1) {
                                    onSecondBlock.run();
                                }
                                return filled;
                            },
                            new ObjectLedger()));
        }
    }

    private static Stream<ProcessHandle> lanes() {
        return ownClients()
                .filter(child ->
                        Arrays.asList(child.info().arguments().orElseThrow()).contains("-b"));
    }

    @Test
    void aServerThatDiesHalfWayIsADumpThatFailed() throws IOException {
        ThrowawayPostgres mortal = ThrowawayPostgres.startWith(List.of());
        mortal.sql("postgres", "CREATE TABLE t AS SELECT i, repeat('x', 1000) FROM generate_series(1, 30000) AS i");
        try (PostgresSource source = PostgresDump.source(mortal, "postgres")) {
            source.open();
            int[] blocks = new int[1];
            Failure failure = catchThrowableOfType(
                    Failure.class,
                    () -> source.dump(
                            (phase, object, filled, length, rows, continues) -> {
                                if ("public.t".equals(object) && blocks[0]++ == 1) {
                                    mortal.stop(true);
                                }
                                return filled;
                            },
                            new ObjectLedger()));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
            assertThat(failure).hasMessageContaining("pg_dump failed with exit status 1");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void closingFromAnotherThreadEndsEverything(int jobs) throws Exception {
        PostgresSource source = PostgresDump.source(server, DATABASE, jobs, PostgresDump.LARGE);
        source.open();
        List<ProcessHandle> children = new ArrayList<>();
        Thread closer = new Thread(source::close);
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> source.dump(
                        (phase, object, filled, length, rows, continues) -> {
                            if ("public.t".equals(object) && children.isEmpty()) {
                                ownClients().forEach(children::add);
                                closer.start();
                                // interrupted where another lane has failed of it first
                                join(closer);
                            }
                            return filled;
                        },
                        new ObjectLedger()));
        closer.join();
        assertThat(failure.exitCode()).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(children).hasSizeGreaterThanOrEqualTo(1 + jobs).noneMatch(ProcessHandle::isAlive);
    }

    private static Stream<ProcessHandle> ownClients() {
        return ProcessHandle.current()
                .children()
                .filter(child -> child.info().command().orElse("").matches(".*/(psql|pg_dump)"));
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
