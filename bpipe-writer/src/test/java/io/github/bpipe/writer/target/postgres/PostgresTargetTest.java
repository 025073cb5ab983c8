package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Restores into a real server: what comes back, under which name, and what stays. */
class PostgresTargetTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @Test
    void missingDatabaseIsCreated() throws IOException {
        String name = bench.name("fresh");

        SwitchReport report = bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);

        assertThat(report.live()).isEqualTo(name);
        assertThat(report.former()).isNull();
        assertThat(report.warnings()).isEmpty();
        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(bench.databasesLike(name)).containsExactly(name);
        assertThat(SERVER.sql(
                        "postgres",
                        "SELECT datconnlimit, shobj_description(oid, 'pg_database') FROM pg_database"
                                + " WHERE datname = '" + name + "'"))
                .isEqualTo("-1|\n");
    }

    @Test
    void liveDatabaseIsReplacedAndKept() throws IOException {
        String name = bench.live("kept", 5, "old");

        SwitchReport report = bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);

        assertThat(report.former()).isEqualTo(name + "__bpipe_old");
        assertThat(report.unusable()).isLessThan(Duration.ofSeconds(1));
        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(bench.rows(name + "__bpipe_old")).isEqualTo("5 old");
    }

    @Test
    void intoAnotherNameLeavesTheSourceAlone() throws IOException {
        String name = bench.live("source", 5, "old");
        String copy = bench.name("copy");

        bench.restore(HandMadeStream.ofTable(name, 3, "new"), copy);

        assertThat(bench.rows(name)).isEqualTo("5 old");
        assertThat(bench.rows(copy)).isEqualTo("3 new");
    }

    @Test
    void formerDatabaseIsNeverOverwrittenUnasked() throws IOException {
        String name = bench.live("twice", 5, "old");
        bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);

        bench.refused(HandMadeStream.ofTable(name, 1, "newest"), name, io.github.bpipe.core.error.ExitCode.TARGET)
                .hasMessageContaining("former database of an earlier restore is still there: " + name + "__bpipe_old");
        assertThat(bench.rows(name)).isEqualTo("3 new");

        bench.restoreWith(HandMadeStream.ofTable(name, 1, "newest"), bench.options(null, false, false));
        assertThat(bench.rows(name)).isEqualTo("1 newest");
        assertThat(bench.rows(name + "__bpipe_old")).isEqualTo("5 old");
        assertThat(bench.databasesLike(name)).containsExactly(name, name + "__bpipe_old");
    }
}
