package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A dump whose large tables come first, read by one session or by several, with the installed programs. */
@Timeout(120)
class MariaDbJobsIT {
    private static final String NAME = "jobs_it";

    private static ThrowawayMariaDb server;

    @TempDir
    private Path folder;

    @BeforeAll
    static void createDatabase() {
        server = ThrowawayMariaDb.shared();
        dropDatabases();
        server.sql("", "CREATE DATABASE " + NAME);
        server.sql(NAME, """
                CREATE TABLE medium (id int PRIMARY KEY, t varchar(700), KEY (t)) DEFAULT CHARSET ascii;
                INSERT INTO medium SELECT seq, REPEAT(MD5(seq), 20) FROM seq_1_to_40000;
                CREATE TABLE zlarge (id int AUTO_INCREMENT PRIMARY KEY, n int, t text, UNIQUE (n), KEY (t(20)));
                INSERT INTO zlarge SELECT seq, 1000000 - seq, REPEAT(MD5(seq), 10) FROM seq_1_to_200000;
                CREATE TABLE small (id int PRIMARY KEY, of int REFERENCES zlarge (id));
                INSERT INTO small SELECT seq, seq FROM seq_1_to_100;
                CREATE TABLE empty (id int PRIMARY KEY, t text);
                CREATE VIEW both_of AS SELECT s.id, z.n FROM small s JOIN zlarge z ON z.id = s.of;
                CREATE TRIGGER before_small BEFORE INSERT ON small FOR EACH ROW SET NEW.of = NEW.id;
                CREATE PROCEDURE p() SELECT 1;
                ANALYZE TABLE medium, zlarge;
                """);
    }

    @AfterAll
    static void dropDatabases() {
        server.sql("", "DROP DATABASE IF EXISTS " + NAME + "; DROP DATABASE IF EXISTS " + NAME + "_copy");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void itIsRestoredAndTablesAreTakenOutOfIt(int jobs) {
        Path stream = folder.resolve("stream");
        Installed.Answer restore = Installed.shell("$READER --jobs " + jobs + source() + " | tee " + stream
                + " | $WRITER" + connection() + " --no-keep --into " + NAME + "_copy");
        assertThat(restore.status()).as(restore.err()).isZero();
        assertThat(restore.err()).contains("restored " + NAME + "_copy").doesNotContain("warning");
        assertThat(MariaDbFingerprint.of(server, NAME + "_copy")).isEqualTo(MariaDbFingerprint.of(server, NAME));

        Installed.Answer extract = Installed.shell("$WRITER extract zlarge < " + stream + " | sort -n | cut -d, -f1");
        assertThat(extract.status()).as(extract.err()).isZero();
        assertThat(extract.text()).hasLineCount(200_001).startsWith("id\n1\n").endsWith("\n200000\n");
        assertThat(Installed.shell("$WRITER extract empty < " + stream).text()).isEqualTo("id,t\n");
    }

    @Test
    void aSessionThatIsKilledLeavesAStreamThatSaysSo() throws IOException {
        BackgroundRun.assertStreamTellsOfKilled(
                "mariadb-dump", "medium", "$READER --level 1 --jobs 2" + source(), folder);
    }

    private static String source() {
        return " --engine mariadb --database " + NAME + connection();
    }

    private static String connection() {
        return " --socket=" + server.socket() + " --user=root";
    }
}
