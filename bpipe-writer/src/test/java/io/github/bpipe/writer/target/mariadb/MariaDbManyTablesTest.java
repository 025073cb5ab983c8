package io.github.bpipe.writer.target.mariadb;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Measures, and prints, for how long the switch of a database of many tables keeps its users out. */
@Timeout(600)
class MariaDbManyTablesTest extends MariaDbCase {
    private static final int TABLES = 1000;
    private static final int TRIGGERS = 20;

    @Tag("nightly")
    @Test
    void theSwitchOfAThousandTables() throws IOException {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < TABLES; i++) {
            sql.append("CREATE TABLE t").append(i).append(" (id INT PRIMARY KEY, v VARCHAR(20), KEY (v));");
            sql.append("INSERT INTO t").append(i).append(" VALUES (1, 'old');");
        }
        for (int i = 0; i < TRIGGERS; i++) {
            sql.append("CREATE TRIGGER tr")
                    .append(i)
                    .append(" BEFORE INSERT ON t")
                    .append(i);
            sql.append(" FOR EACH ROW SET NEW.v = 'x';");
        }
        create(live, sql.toString());
        MariaDbDump dump = MariaDbDump.of(SERVER, live);
        Map<MariaDbStep, Instant> reached = new EnumMap<>(MariaDbStep.class);
        MariaDbTarget target = new MariaDbTarget(
                Engine.MARIADB, options(null, true), Duration.ofSeconds(60), step -> reached.put(step, Instant.now()));
        SwitchReport report = dump.restore(target, () -> {});
        System.out.printf(
                "%d tables, %d triggers: not usable for %d ms%n",
                TABLES, TRIGGERS, report.unusable().toMillis());
        Instant before = reached.get(MariaDbStep.JOURNAL_WRITTEN);
        for (Map.Entry<MariaDbStep, Instant> step : reached.entrySet()) {
            System.out.printf(
                    "  %s after %d ms%n",
                    step.getKey(), Duration.between(before, step.getValue()).toMillis());
            before = step.getValue();
        }
        assertThat(SERVER.sql(live, "SELECT COUNT(*) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()"))
                .isEqualTo(TABLES + "\n");
    }
}
