package io.github.bpipe.writer.target.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.ThrowawayPostgres;
import io.github.bpipe.writer.target.Status;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Restores without a second copy. */
class PostgresInPlaceTest {
    private static final ThrowawayPostgres SERVER = ThrowawayPostgres.shared();

    private final PostgresDatabases bench = new PostgresDatabases(SERVER);

    @AfterEach
    void drop() {
        bench.dropAll();
    }

    @Test
    void liveDatabaseIsMarkedUntilItIsWhole() throws IOException {
        String name = bench.live("place", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        try (PostgresTarget target = new PostgresTarget(bench.options(null, true, true))) {
            target.prepare(stream.header());
            assertThat(bench.rows(name)).isEqualTo("5 old");
            stream.load(target);
            assertThat(bench.databasesLike(name)).containsExactly(name);
            assertThat(status(name).halfRestored()).isTrue();
            target.check(stream.objects());
            SwitchReport report = target.switchOver();

            assertThat(report.former()).isNull();
            assertThat(report.unusable()).isPositive();
        }
        assertThat(bench.rows(name)).isEqualTo("3 new");
        assertThat(status(name).halfRestored()).isFalse();
        assertThat(SERVER.sql("postgres", "SELECT datconnlimit FROM pg_database WHERE datname = '" + name + "'"))
                .isEqualTo("-1\n");
    }

    @Test
    void brokenOffItStaysMarkedAndTheNextRunReplacesIt() throws IOException {
        String name = bench.live("broken", 5, "old");
        HandMadeStream bad = HandMadeStream.ofTable(name, 3, "half").block(Phase.FINISH, null, "SELECT 1/0;\n");
        bench.refused(bad, bench.options(null, true, false), ExitCode.LOAD_FAILED);
        assertThat(status(name).halfRestored()).isTrue();
        assertThat(bench.databasesLike(name)).containsExactly(name);

        SwitchReport report = bench.restore(HandMadeStream.ofTable(name, 4, "new"), null);

        assertThat(report.former()).isNull();
        assertThat(bench.rows(name)).isEqualTo("4 new");
        assertThat(bench.databasesLike(name)).containsExactly(name);
    }

    @Test
    void whatMustNotBeReplacedIsLeftAlone() throws IOException {
        String name = bench.live("never", 5, "old");
        HandMadeStream stream = HandMadeStream.ofTable(name, 3, "new");
        for (boolean inPlace : new boolean[] {false, true}) {
            TargetOptions never = new TargetOptions(bench.connection("postgres"), null, inPlace, true, false, true);
            bench.refused(stream, never, ExitCode.TARGET)
                    .hasMessageContaining(name + " exists and must not be replaced");
        }
        assertThat(bench.rows(name)).isEqualTo("5 old");
        bench.refused(
                HandMadeStream.ofTable(name, 3, "half").block(Phase.FINISH, null, "SELECT 1/0;\n"),
                bench.options(null, true, false),
                ExitCode.LOAD_FAILED);
        TargetOptions never = new TargetOptions(bench.connection("postgres"), null, false, true, false, true);
        bench.refused(stream, never, ExitCode.TARGET);
        assertThat(status(name).halfRestored()).isTrue();
        SERVER.sql("postgres", "DROP DATABASE " + name);
        bench.restoreWith(stream, never);
        assertThat(bench.rows(name)).isEqualTo("3 new");
    }

    @Test
    void whatIsRefusedBeforeTheFirstBlockCostsNothing() throws IOException {
        String name = bench.live("early", 5, "old");
        try (PostgresTarget target = new PostgresTarget(bench.options(null, true, false))) {
            target.prepare(HandMadeStream.ofTable(name, 3, "new").header());
        }
        assertThat(bench.rows(name)).isEqualTo("5 old");
        assertThat(bench.databasesLike(name)).containsExactly(name);
    }

    private Status status(String name) throws IOException {
        return new PostgresFormer(bench.connection("postgres"), name).status();
    }
}
