package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbLocks;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients go on reading and writing while the database under them is switched. */
@Timeout(120)
class MariaDbSwitchUnderLoadTest extends MariaDbCase {
    private static final int CLIENTS = 4;
    private static final int TABLES = 6;

    private final AtomicBoolean stop = new AtomicBoolean();

    @Test
    void nobodyMeetsATableWithoutItsTriggersOrAMixture() throws Exception {
        StringBuilder sql =
                new StringBuilder("CREATE TABLE parent (id INT PRIMARY KEY); INSERT INTO parent VALUES (1);");
        for (int i = 0; i < TABLES; i++) {
            sql.append("CREATE TABLE t").append(i);
            sql.append(" (generation INT, parent INT DEFAULT 1, touched INT DEFAULT 0,");
            sql.append(" FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE);");
            sql.append("INSERT INTO t").append(i).append(" (generation) VALUES (1);");
            sql.append("CREATE TRIGGER tr")
                    .append(i)
                    .append(" BEFORE INSERT ON t")
                    .append(i);
            sql.append(" FOR EACH ROW SET NEW.touched = NEW.touched + 1;");
            sql.append("CREATE TRIGGER after")
                    .append(i)
                    .append(" BEFORE INSERT ON t")
                    .append(i);
            sql.append(" FOR EACH ROW SET NEW.touched = NEW.touched + 1;");
        }
        create(live, sql.toString());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        for (int i = 0; i < TABLES; i++) {
            SERVER.sql(
                    live,
                    "UPDATE t" + i + " SET generation = 2, touched = 2; CREATE TABLE z_only_here" + i + " (i INT)");
        }
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        CountDownLatch working = new CountDownLatch(CLIENTS);
        List<Future<Integer>> mixtures = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int first = i;
            mixtures.add(clients.submit(client(working, first)));
        }
        working.await();
        SwitchReport report;
        try {
            report = restore(dump, options(null, true));
        } finally {
            stop.set(true);
        }
        int seen = 0;
        for (Future<Integer> each : mixtures) {
            seen += each.get();
        }
        clients.shutdown();
        assertThat(seen).as("readers that saw tables of both generations").isZero();
        for (int i = 0; i < TABLES; i++) {
            assertThat(SERVER.sql(live, "SELECT COUNT(*) FROM t" + i + " WHERE generation = 3 AND touched <> 2"))
                    .as("rows written without triggers")
                    .isEqualTo("0\n");
        }
        assertThat(SERVER.sql(report.former(), "SHOW TABLES LIKE 'z_only%'").lines())
                .hasSize(TABLES);
        assertThat(SERVER.sql(live, "SHOW TABLES LIKE 'z_only%'")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void transactionsThatNobodyEndsDoNotHoldUpTheSwitch(boolean locksAreShown) throws Exception {
        create(live, "CREATE TABLE t0 (i INT); INSERT INTO t0 VALUES (1); CREATE TABLE t1 (i INT)");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        SERVER.sql(live, "INSERT INTO t0 VALUES (2)");
        if (locksAreShown) {
            SERVER.sql("", "INSTALL SONAME 'metadata_lock_info'");
        }
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        CountDownLatch working = new CountDownLatch(CLIENTS);
        List<Future<Integer>> connected = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            connected.add(clients.submit(comingBack(working, locksAreShown ? null : live)));
        }
        working.await();
        SwitchReport report;
        try {
            report = restore(dump, options(null, true));
        } finally {
            stop.set(true);
            SERVER.sql("", "SELECT CONCAT('KILL ', ID) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(1%'")
                    .lines()
                    .forEach(kill -> SERVER.client("", kill));
        }
        for (Future<Integer> each : connected) {
            assertThat(each.get()).as("connections of a client").isGreaterThan(1);
        }
        clients.shutdown();
        if (locksAreShown) {
            SERVER.sql("", "UNINSTALL SONAME 'metadata_lock_info'");
        }
        assertThat(SERVER.sql(live, "SELECT COUNT(*) FROM t0")).isEqualTo("1\n");
        assertThat(SERVER.sql(report.former(), "SELECT COUNT(*) FROM t0")).isEqualTo("2\n");
        assertThat(report.unusable()).isLessThan(Duration.ofSeconds(10));
    }

    @Test
    void aDumpUnderWayIsWaitedForAndThenEnded() throws IOException {
        create(live, "CREATE TABLE t (i INT)");
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        SwitchReport report;
        try (SqlSession reader = new MariaDbClients(Engine.MARIADB, CONNECTION).session(null)) {
            reader.execute("DO GET_LOCK('" + MariaDbLocks.ofReaders(live).get(5) + "', 0)");
            report = restore(dump, options(null, true));
            assertThat(catchThrowable(() -> reader.execute("SELECT 1"))).isInstanceOf(Failure.class);
        }
        assertThat(report.warnings()).containsExactly("a dump of " + live + " that was under way was ended");
    }

    /** Begins a transaction, stays in it until it is ended by force, and comes back at once; counts its connections. */
    private Callable<Integer> comingBack(CountDownLatch working, String database) {
        return () -> {
            int connections = 0;
            while (!stop.get()) {
                try (SqlSession session = new MariaDbClients(Engine.MARIADB, CONNECTION).session(database)) {
                    session.execute("START TRANSACTION; SELECT COUNT(*) FROM " + live + ".t0");
                    connections++;
                    working.countDown();
                    session.execute("SELECT SLEEP(1000)");
                } catch (Failure e) {
                    assertThat(e.exitCode()).as(e.getMessage()).isEqualTo(ExitCode.CONNECT);
                }
            }
            return connections;
        };
    }

    /** Writes to one table after the other, and looks at two in one statement; counts what does not fit together. */
    private Callable<Integer> client(CountDownLatch working, int first) {
        return () -> {
            int mixed = 0;
            try (SqlSession session = new MariaDbClients(Engine.MARIADB, CONNECTION).session(live)) {
                for (int n = first; !stop.get(); n++) {
                    session.execute("INSERT INTO t" + n % TABLES + " (generation) VALUES (3)");
                    String same = session.value("SELECT MIN(a.generation) = MIN(b.generation) FROM t0 a, t"
                            + (1 + n % (TABLES - 1)) + " b WHERE a.generation < 3 AND b.generation < 3");
                    mixed += same.equals("1") ? 0 : 1;
                    working.countDown();
                }
            }
            return mixed;
        };
    }
}
