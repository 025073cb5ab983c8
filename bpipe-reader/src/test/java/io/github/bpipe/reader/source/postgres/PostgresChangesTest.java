package io.github.bpipe.reader.source.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.reader.source.SourceFacts;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others write to the database and change its tables while it is dumped. */
class PostgresChangesTest {
    private static final String SOURCE = "changing";
    private static final String COPY = "changing_copy";

    private final ThrowawayPostgres server = ThrowawayPostgres.shared();

    @TempDir
    Path folder;

    @BeforeEach
    void createDatabase() {
        dropDatabases();
        server.sql("postgres", "CREATE DATABASE " + SOURCE + " TEMPLATE template0");
        server.sql(SOURCE, """
                CREATE TABLE a_accounts AS SELECT id, 1000 AS money FROM generate_series(1, 20000) AS id;
                CREATE TABLE b_filler AS SELECT repeat('x', 1000) FROM generate_series(1, 30000);
                CREATE TABLE c_accounts AS SELECT id, 1000 AS money FROM generate_series(1, 20000) AS id;
                CREATE TABLE d_changed AS SELECT 1 AS one;
                CREATE TABLE e_account AS SELECT 0 AS money;
                """);
    }

    @AfterEach
    void dropDatabases() {
        AwkwardPostgres.drop(server, SOURCE);
        AwkwardPostgres.drop(server, COPY);
    }

    private SqlSession session() throws IOException {
        return new PostgresClients(PostgresDump.connection(server, "postgres")).session(SOURCE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void moneyThatMovesBetweenTablesIsNeitherLostNorMade(int jobs) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> moveMoney(stop));
        PostgresDump dump;
        try {
            dump = PostgresDump.of(server, SOURCE, jobs, PostgresDump.LARGE, folder);
        } finally {
            stop.set(true);
        }
        assertThat(writer.get()).as("transfers during the dump").isGreaterThan(10);

        dump.restore(server, COPY);

        assertThat(server.sql(
                                COPY,
                                "SELECT (SELECT sum(money) FROM a_accounts) + (SELECT sum(money) FROM c_accounts)"
                                        + " + (SELECT money FROM e_account)")
                        .strip())
                .isEqualTo("40000000");
    }

    private int moveMoney(AtomicBoolean stop) {
        try (SqlSession session = session()) {
            int transfers = 0;
            for (; !stop.get(); transfers++) {
                int id = 1 + transfers % 20000;
                session.execute("BEGIN; UPDATE a_accounts SET money = money - 7 WHERE id = " + id
                        + "; UPDATE c_accounts SET money = money + 4 WHERE id = " + (20001 - id)
                        + "; UPDATE e_account SET money = money + 3; COMMIT");
            }
            return transfers;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    @Timeout(60)
    void aChangeOfATableWaitsForTheDump(int jobs) throws Exception {
        try (SqlSession alter = session();
                SqlSession drop = session()) {
            List<CompletableFuture<Void>> changes = new ArrayList<>();
            PostgresDump dump;
            try (PostgresSource source = PostgresDump.source(server, SOURCE, jobs, PostgresDump.LARGE)) {
                dump = PostgresDump.of(source, source.open(), folder, () -> {
                    changes.add(queued(alter, "ALTER TABLE c_accounts ADD COLUMN extra integer DEFAULT 5"));
                    changes.add(queued(drop, "DROP TABLE d_changed"));
                    // a table made after the snapshot is not in it, and that is right
                    server.sql(SOURCE, "CREATE TABLE late AS SELECT 1");
                });
                assertThat(changes).noneMatch(CompletableFuture::isDone);
            }
            for (CompletableFuture<Void> change : changes) {
                change.get();
            }
            dump.restore(server, COPY);

            assertThat(dump.object("table", "public.d_changed").rows()).isEqualTo(1);
            assertThat(dump.objects()).noneMatch(entry -> entry.name().equals("public.late"));
        }
        String row = "SELECT * FROM c_accounts WHERE id = 7";
        assertThat(server.sql(COPY, row).strip()).isEqualTo("7|1000");
        assertThat(server.sql(SOURCE, row).strip()).isEqualTo("7|1000|5");
        assertThat(server.sql(COPY, "SELECT * FROM d_changed").strip()).isEqualTo("1");
    }

    @Test
    void aChangeThatComesBetweenTheLocksIsAClearFailure() throws Exception {
        try (SqlSession alter = session()) {
            CompletableFuture<Void> change;
            try (PostgresSource source = new PostgresSource(
                    PostgresDump.connection(server, "postgres"),
                    SOURCE,
                    1,
                    Duration.ofMillis(500),
                    PostgresDump.LARGE)) {
                SourceFacts facts = source.open();
                change = queued(alter, "ALTER TABLE c_accounts ADD COLUMN extra integer");
                Failure failure =
                        catchThrowableOfType(Failure.class, () -> PostgresDump.of(source, facts, folder, () -> {}));
                assertThat(failure.exitCode()).isEqualTo(ExitCode.BUSY);
                assertThat(failure).hasMessageContaining("c_accounts");
            }
            change.get();
        }
    }

    @Test
    void aViewThatIsDroppedInBetweenIsNoSilentGap() throws Exception {
        server.sql(
                SOURCE,
                "CREATE VIEW v AS SELECT * FROM d_changed; CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'");
        try (PostgresSource source = PostgresDump.source(server, SOURCE)) {
            SourceFacts facts = source.open();
            server.sql(SOURCE, "DROP VIEW v");
            Failure failure =
                    catchThrowableOfType(Failure.class, () -> PostgresDump.of(source, facts, folder, () -> {}));
            assertThat(failure.exitCode()).isEqualTo(ExitCode.DUMP_FAILED);
        }
    }

    /** Starts a statement that has to wait for a lock, and returns when it does. */
    private CompletableFuture<Void> queued(SqlSession session, String sql) {
        try {
            String waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid = "
                    + session.value("SELECT pg_backend_pid()");
            CompletableFuture<Void> change = CompletableFuture.runAsync(() -> {
                try {
                    session.execute(sql);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            while (server.sql(SOURCE, waiting).strip().equals("0")) {
                assertThat(change).as(sql).isNotDone();
            }
            return change;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
