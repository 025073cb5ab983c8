package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A writer is killed between its rename and what must follow it: nobody backs that up, and one command completes it. */
@Timeout(120)
class UnfinishedIT {
    private static final String NAME = "unfinished it";
    private static final ThrowawayMariaDb SERVER = ThrowawayMariaDb.shared();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String suffix : new String[] {"", "__bpipe_old", "__bpipe_new"}) {
            SERVER.sql("", "DROP DATABASE IF EXISTS `" + NAME + suffix + "`");
        }
    }

    @Test
    void aDatabaseWithoutItsRoutinesIsNotDumpedAsAGoodOne() throws Exception {
        SERVER.sql("", "CREATE DATABASE `" + NAME + "`");
        SERVER.sql(
                NAME,
                "CREATE TABLE t (v VARCHAR(10)); INSERT INTO t VALUES ('backup'); CREATE PROCEDURE p() SELECT 'backup';"
                        + "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @x = 1;"
                        + "CREATE VIEW v AS SELECT 'backup' FROM t");
        assertThat(dump("stream").status()).isZero();
        SERVER.sql(
                NAME,
                "UPDATE t SET v = 'later'; DROP PROCEDURE p; CREATE PROCEDURE p() SELECT SLEEP(1000); DROP VIEW v");

        // whoever runs the procedure keeps it from being replaced: the rename is done by then, the view is not there
        Process caller = new ProcessBuilder(
                        Programs.find("mariadb", "mariadb-client"),
                        "--no-defaults",
                        "--socket=" + SERVER.socket(),
                        "--user=root",
                        "-e",
                        "CALL `" + NAME + "`.p()")
                .start();
        await(() -> SERVER.sql("", "SHOW PROCESSLIST").contains("SLEEP(1000)"));
        BackgroundRun writer =
                new BackgroundRun("$WRITER" + connection() + " < '" + folder.resolve("stream") + "'", folder);
        await(() -> SERVER.sql("", "SELECT STATE FROM information_schema.PROCESSLIST")
                .contains("stored procedure metadata lock"));
        writer.signal("KILL");
        writer.await();
        caller.destroyForcibly();
        SERVER.sql(
                        "",
                        "SELECT CONCAT('KILL ', ID) FROM information_schema.PROCESSLIST WHERE INFO LIKE '%SLEEP(1000)%'"
                                + " AND ID <> CONNECTION_ID()")
                .lines()
                .forEach(kill -> SERVER.client("", kill));
        await(() -> !SERVER.sql("", "SHOW PROCESSLIST").contains("SLEEP(1000)"));

        assertThat(SERVER.sql(NAME, "SELECT v FROM t")).isEqualTo("backup\n");
        Installed.Answer refused = dump("half");
        assertThat(refused.status()).as(refused.err()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(refused.err())
                .contains("a restore of " + NAME + " ended in the middle of its switch")
                .contains("hint: complete it with bpipe-writer recover");
        assertThat(about("status").text()).contains("bpipe-writer recover");

        Installed.Answer recovered = about("recover");
        assertThat(recovered.status()).as(recovered.err()).isZero();
        assertThat(recovered.err()).contains("the switch of " + NAME + " had happened, and is complete now");
        assertThat(SERVER.sql(NAME, "CALL p(); SELECT * FROM v; SHOW TABLES")).isEqualTo("backup\nbackup\nt\nv\n");
        assertThat(dump("whole").status()).isZero();
        assertThat(about("recover").err()).contains("no interrupted run has left anything");
        assertThat(about("status").text())
                .contains(NAME + " is live\n")
                .contains("the former database is kept as " + NAME + "__bpipe_old");
    }

    private Installed.Answer dump(String file) {
        return Installed.shell("$READER " + database() + " --output '" + folder.resolve(file) + "'");
    }

    private static Installed.Answer about(String subcommand) {
        return Installed.shell("$WRITER " + subcommand + " " + database());
    }

    private static String database() {
        return "--engine mariadb --database '" + NAME + "'" + connection();
    }

    private static String connection() {
        return " --socket=" + SERVER.socket() + " --user=root";
    }

    private static void await(BooleanSupplier condition) throws IOException {
        Instant limit = Instant.now().plus(LIMIT);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(limit);
        }
    }
}
