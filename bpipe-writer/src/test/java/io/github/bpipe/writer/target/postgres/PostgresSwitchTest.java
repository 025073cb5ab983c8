package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresLocks;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The exchange of databases that others are using. */
@Timeout(120)
class PostgresSwitchTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();
    private static final int LOOPS = 3;
    private static final String WAITING_RENAME = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            + " AND query LIKE 'ALTER DATABASE%RENAME%'";

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);
    private final PostgresClients clients = new PostgresClients(bench.connection("postgres"));

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @Test
    void clientsThatReconnectAllTheTimeSeeTheOldOrTheNewOne() throws Exception {
        String name = bench.live("busy", 5, "old");
        AtomicBoolean stop = new AtomicBoolean();
        CountDownLatch running = new CountDownLatch(LOOPS);
        List<CompletableFuture<List<Programs.Answer>>> loops = new ArrayList<>();
        for (int i = 0; i < LOOPS; i++) {
            loops.add(CompletableFuture.supplyAsync(() -> askUntil(stop, running, name)));
        }
        SwitchReport report;
        try (SqlSession idle = clients.session(name);
                PostgresTarget target = bench.target()) {
            idle.execute("BEGIN; SELECT count(*) FROM t");
            HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
            target.prepare(stream.header());
            stream.load(target);
            target.check(stream.objects());
            running.await();
            report = target.switchOver();
            assertThatThrownBy(() -> idle.execute("SELECT 1")).isInstanceOf(Failure.class);
        } finally {
            stop.set(true);
        }

        assertThat(report.unusable()).isLessThan(Duration.ofSeconds(1));
        for (CompletableFuture<List<Programs.Answer>> loop : loops) {
            List<Programs.Answer> answers = loop.get();
            assertThat(answers)
                    .filteredOn(answer -> answer.status() == 0)
                    .allSatisfy(answer -> assertThat(answer.out().strip()).isIn("5 old", "3 new"));
            assertThat(answers.get(0).out().strip()).isEqualTo("5 old");
            assertThat(answers.get(answers.size() - 1).out().strip()).isEqualTo("3 new");
            // ended in the middle, and once more when the name changed under a waiting connection
            assertThat(answers).filteredOn(answer -> answer.status() != 0).hasSizeLessThan(6);
        }
        assertThat(bench.rows(report.former())).isEqualTo("5 old");
    }

    @Test
    void aDumpUnderWayIsWaitedForAndThenEnded() throws IOException {
        String name = bench.live("dumped", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        SwitchReport report;
        try (SqlSession reader = clients.session(PostgresLocks.DATABASE);
                PostgresTarget target =
                        new PostgresTarget(bench.options(null, false, true), Duration.ofMillis(1), step -> {})) {
            reader.execute("SELECT pg_advisory_lock_shared(" + PostgresLocks.ofReaders(name) + ")");
            report = stream.restore(target);
            assertThatThrownBy(() -> reader.execute("SELECT 1")).isInstanceOf(Failure.class);
        }
        assertThat(report.warnings()).containsExactly("a dump of " + name + " that was under way was ended");
        assertThat(bench.rows(name)).isEqualTo("3 new");
    }

    private static List<Programs.Answer> askUntil(AtomicBoolean stop, CountDownLatch running, String name) {
        List<Programs.Answer> answers = new ArrayList<>();
        boolean last = false;
        while (!last) {
            last = stop.get();
            answers.add(SERVER.psql(name, "SELECT count(*) || ' ' || min(txt) FROM t"));
            running.countDown();
        }
        return answers;
    }

    @Test
    void sessionsThatMayNotBeEndedAreNamedAndNothingIsRenamed() throws IOException {
        String name = bench.live("held", 5, "old");
        String role = bench.name("weak");
        SERVER.sql("postgres", "CREATE ROLE " + role + " LOGIN CREATEDB; ALTER DATABASE " + name + " OWNER TO " + role);
        try (SqlSession superusers = clients.session(name);
                PostgresServer server = new PostgresServer(clients)) {
            superusers.execute("SELECT 1");
            long oid = server.database(name).orElseThrow().oid();
            PostgresExchange exchange =
                    new PostgresExchange(new PostgresClients(bench.connection(role)), Duration.ZERO, step -> {});

            assertThatThrownBy(() ->
                            exchange.run(List.of("ALTER DATABASE " + name + " RENAME TO " + name + "_2"), List.of(oid)))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.exitCode()).isEqualTo(ExitCode.SWITCH_FAILED);
                        assertThat(failure).hasMessageContaining("of postgres (bpipe-toolkit)");
                    });
            superusers.execute("SELECT count(*) FROM t");
        }
        assertThat(bench.databasesLike(name)).containsExactly(name);
        SERVER.sql("postgres", "ALTER DATABASE " + name + " OWNER TO postgres; DROP ROLE " + role);
    }

    @Test
    void killedInTheMiddleOfTheSwitchTheOldOneStays() throws Exception {
        String name = bench.live("killed", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        try (SqlSession blocker = clients.session("postgres");
                PostgresTarget target = bench.target()) {
            target.prepare(stream.header());
            stream.load(target);
            target.check(stream.objects());
            blocker.execute("BEGIN; COMMENT ON DATABASE " + name + " IS 'in the way'");
            CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> {
                waitingRename("");
                bench.child("psql", "VERBOSITY=verbose").destroyForcibly();
            });

            bench.fails(target::switchOver, ExitCode.SWITCH_FAILED);
            killer.get();
            blocker.execute("ROLLBACK");
        }
        assertThat(bench.rows(name)).isEqualTo("5 old");
        assertThat(bench.databasesLike(name)).containsExactly(name);
    }

    @Test
    void lockThatIsHeldForAMomentIsWaitedFor() throws Exception {
        String name = bench.live("locked", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        try (SqlSession blocker = clients.session("postgres");
                PostgresTarget target = bench.target()) {
            target.prepare(stream.header());
            stream.load(target);
            target.check(stream.objects());
            blocker.execute("BEGIN; COMMENT ON DATABASE " + name + " IS 'in the way'");
            CompletableFuture<Void> release = CompletableFuture.runAsync(() -> {
                String first = waitingRename("");
                waitingRename(first);
                try {
                    blocker.execute("ROLLBACK");
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });

            target.switchOver();
            release.get();
        }
        assertThat(bench.rows(name)).isEqualTo("3 new");
    }

    /** Waits for an attempt that is another one than that. */
    private static String waitingRename(String other) {
        String found = other;
        while (found.isEmpty() || found.equals(other)) {
            found = SERVER.sql("postgres", WAITING_RENAME);
        }
        return found;
    }

    @Test
    void allStatementsOrNone() throws IOException {
        String name = bench.live("one", 5, "old");
        PostgresExchange exchange = new PostgresExchange(clients, Duration.ofMinutes(1), step -> {});

        assertThatThrownBy(() -> exchange.run(
                        List.of(
                                "ALTER DATABASE " + name + " RENAME TO " + name + "_2",
                                "ALTER DATABASE nonesuch RENAME TO " + name),
                        List.of()))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("nonesuch");

        assertThat(bench.databasesLike(name)).containsExactly(name);
    }

    @Test
    void databaseWhoseDropWasBrokenOffIsReplaced() throws IOException {
        String name = bench.live("invalid", 5, "old");
        SERVER.sql("postgres", "UPDATE pg_database SET datconnlimit = -2 WHERE datname = '" + name + "'");

        SwitchReport report = bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);

        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(report.former()).isNull();
        assertThat(report.warnings()).anyMatch(warning -> warning.contains("broken off"));
    }
}
