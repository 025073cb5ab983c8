package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.Status;
import io.github.bpipe.writer.target.SwitchReport;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PostgresFormerTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @Test
    void rollbackPutsTheFormerDatabaseBackAndCanBeUndone() throws IOException {
        String name = bench.live("there", 5, "old");
        SERVER.sql("postgres", "COMMENT ON DATABASE " + name + " IS 'the old ön€'");
        bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);
        PostgresFormer former = former(name);
        assertThat(comment(name)).isEmpty();

        SwitchReport back = former.rollback();
        assertThat(bench.rows(name)).isEqualTo("5 old");
        assertThat(comment(name)).isEqualTo("the old ön€");
        assertThat(bench.rows(back.former())).isEqualTo("3 new");

        former.rollback();
        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(comment(name)).isEmpty();
        assertThat(bench.databasesLike(name)).containsExactly(name, name + "__bpipe_old");
    }

    @Test
    void rollbackWorksWhereTheLiveDatabaseIsGone() throws IOException {
        String name = bench.live("gone", 5, "old");
        bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);
        SERVER.sql("postgres", "DROP DATABASE " + name);

        SwitchReport report = former(name).rollback();

        assertThat(report.former()).isNull();
        assertThat(bench.rows(name)).isEqualTo("5 old");
        assertThat(bench.databasesLike(name)).containsExactly(name);
    }

    @Test
    void discardDropsOnlyWhatIsMarked() throws IOException {
        String name = bench.live("marked", 5, "old");
        bench.restore(HandMadeStream.ofTable(name, 3, "new"), null);
        former(name).discard();
        assertThat(bench.databasesLike(name)).containsExactly(name);

        SERVER.sql("postgres", "CREATE DATABASE " + name + "__bpipe_old");
        assertThatThrownBy(() -> former(name).discard())
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.NO_DATABASE));
        assertThat(bench.databasesLike(name)).containsExactly(name, name + "__bpipe_old");
        bench.refused(HandMadeStream.ofTable(name, 3, "new"), (String) null, ExitCode.TARGET)
                .hasMessageContaining("somebody else's");
    }

    @Test
    void statusTellsWhatIsThere() throws IOException {
        String name = bench.name("status");
        assertThat(former(name).status().exists()).isFalse();
        bench.live("status", 5, "old");
        assertThat(former(name).status().former()).isNull();
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        bench.restore(stream, null);

        Status status = former(name).status();

        assertThat(status.live()).isEqualTo(name);
        assertThat(status.exists()).isTrue();
        assertThat(status.busy()).isFalse();
        assertThat(status.halfRestored()).isFalse();
        assertThat(status.former()).isEqualTo(name + "__bpipe_old");
        assertThat(status.since()).isNotNull();
        assertThat(status.replacedBy()).matches("dump [0-9a-f-]{36} of job 17 of client-fd");
        assertThat(status.leftovers()).isEmpty();
        try (PostgresTarget target = new PostgresTarget(bench.options(null, false, false))) {
            target.prepare(stream.header());
            assertThat(former(name).status().busy()).isTrue();
            assertThat(former(name).status().leftovers()).containsExactly(name + "__bpipe_new");
        }
        assertThat(former(name).status().leftovers()).isEmpty();
    }

    private PostgresFormer former(String name) throws Failure {
        return new PostgresFormer(bench.connection("postgres"), name);
    }

    private static String comment(String name) {
        return SERVER.sql(
                        "postgres",
                        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '" + name + "'")
                .strip();
    }
}
