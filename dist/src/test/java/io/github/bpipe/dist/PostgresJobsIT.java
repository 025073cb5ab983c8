package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dump whose large tables are read by several sessions, with the installed programs. */
@Timeout(120)
class PostgresJobsIT {
    private static final String NAME = "jobs_it";

    private static ThrowawayPostgres server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void createDatabase() {
        server = ThrowawayPostgres.shared();
        dropDatabases();
        server.sql("postgres", "CREATE DATABASE " + NAME + " TEMPLATE template0");
        // the large ones are more than what stands between a session and a reader that waits
        server.sql(NAME, """
                CREATE TABLE large (id integer PRIMARY KEY, t text);
                INSERT INTO large SELECT i, md5(i::text) || md5('x' || i) FROM generate_series(1, 400000) AS i;
                CREATE TABLE medium AS TABLE large;
                CREATE INDEX ON medium (t);
                CREATE TABLE small (id serial PRIMARY KEY, of integer REFERENCES large);
                INSERT INTO small (of) SELECT i FROM generate_series(1, 100) AS i;
                """);
    }

    @AfterAll
    static void dropDatabases() {
        AwkwardPostgres.drop(server, NAME);
        AwkwardPostgres.drop(server, NAME + "_copy");
    }

    @Test
    void aDumpByTwoSessionsIsRestoredAndTablesAreTakenOutOfIt() {
        Path stream = folder.resolve("stream");
        Installed.Answer restore = Installed.shell("$READER --jobs 2" + source() + " | tee " + stream + " | $WRITER"
                + connection() + " --into " + NAME + "_copy");
        assertThat(restore.status()).as(restore.err()).isZero();
        assertThat(restore.err()).contains("restored " + NAME + "_copy");
        assertThat(PostgresFingerprint.of(server, NAME + "_copy")).isEqualTo(PostgresFingerprint.of(server, NAME));

        Installed.Answer extract = Installed.shell("$WRITER extract medium < " + stream + " | sort -n | cut -d, -f1");
        assertThat(extract.status()).as(extract.err()).isZero();
        assertThat(extract.text().lines().limit(2)).containsExactly("id", "1");
        assertThat(extract.text()).hasLineCount(400_001).endsWith("\n400000\n");
    }

    @Test
    void aSessionThatIsKilledLeavesAStreamThatSaysSo() throws IOException {
        // what only the sessions are given that read tables
        BackgroundRun.assertStreamTellsOfKilled("psql", "-b", "$READER --level 1 --jobs 2" + source(), folder);
    }

    private static String source() {
        return " --engine postgresql --database " + NAME + connection();
    }

    private static String connection() {
        return " --socket=" + server.socketFolder() + " --user=postgres --clients=" + server.programs();
    }
}
