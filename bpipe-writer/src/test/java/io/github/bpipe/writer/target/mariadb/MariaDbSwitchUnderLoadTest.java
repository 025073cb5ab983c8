package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.writer.target.SwitchReport;
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
