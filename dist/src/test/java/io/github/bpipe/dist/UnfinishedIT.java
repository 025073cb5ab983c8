package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers that end in the middle of what the server does for them: what that leaves is known, and cleared up. */
@Timeout(120)
class UnfinishedIT {
    private static final String NAME = "unfinished it";
    private static final ThrowawayMariaDb SERVER = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String suffix : new String[] {"", "__bpipe_old", "__bpipe_new"}) {
            SERVER.sql("", "DROP DATABASE IF EXISTS `" + NAME + suffix + "`");
            POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS \"" + NAME + suffix + "\"");
        }
    }

    @Test
    void aDatabaseWithoutItsViewsIsNotDumpedAsAGoodOne() throws Exception {
        SERVER.sql("", "CREATE DATABASE `" + NAME + "`");
        SERVER.sql(
                NAME,
                "CREATE TABLE t (v VARCHAR(10)); INSERT INTO t VALUES ('backup'); CREATE PROCEDURE p() SELECT 'backup';"
                        + "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @x = 1;"
                        + "CREATE VIEW v AS SELECT 'backup' FROM t");
        assertThat(dump("stream").status()).isZero();
        SERVER.sql(NAME, "UPDATE t SET v = 'later'; DROP PROCEDURE p; DROP VIEW v; CREATE VIEW v AS SELECT 'later'");

        // whoever reads the view keeps it from being replaced: the rename is done by then, the view is still the old
        // one
        Process caller = new ProcessBuilder(
                        Programs.find("mariadb", "mariadb-client"),
                        "--no-defaults",
                        "--socket=" + SERVER.socket(),
                        "--user=root",
                        "-e",
                        "START TRANSACTION; SELECT * FROM `" + NAME + "`.v; SELECT SLEEP(1000)")
                .start();
        await(() -> SERVER.sql("", "SHOW PROCESSLIST").contains("SLEEP(1000)"));
        BackgroundRun writer =
                new BackgroundRun("$WRITER" + connection() + " < '" + folder.resolve("stream") + "'", folder);
        await(() -> SERVER.sql("", "SHOW FULL PROCESSLIST").contains("DROP VIEW IF EXISTS `" + NAME + "`"));
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

    @Test
    void aDatabaseThatTheServerWentOnCreatingIsRemovedByTheNextRun() throws Exception {
        POSTGRES.sql("postgres", "CREATE DATABASE \"" + NAME + "\"");
        POSTGRES.sql(NAME, "CREATE TABLE t (v text); INSERT INTO t VALUES ('backup')");
        String connection =
                " --socket=" + POSTGRES.socketFolder() + " --user=postgres --clients=" + POSTGRES.programs();
        String database = "--engine postgresql --database '" + NAME + "'" + connection;
        Path stream = folder.resolve("stream");
        assertThat(Installed.shell("$READER " + database + " --output '" + stream + "'")
                        .status())
                .isZero();
        POSTGRES.sql(NAME, "UPDATE t SET v = 'later'");

        Process lock = new ProcessBuilder(
                        POSTGRES.programs().resolve("psql").toString(),
                        "-X",
                        "-h",
                        POSTGRES.socketFolder().toString(),
                        "-U",
                        "postgres")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        // its end releases the lock, without which nothing here can be tidied up
        try (OutputStream holder = lock.getOutputStream()) {
            holder.write("BEGIN; LOCK TABLE pg_database IN SHARE MODE;\n".getBytes(StandardCharsets.US_ASCII));
            holder.flush();
            await(() -> activity("query LIKE 'LOCK TABLE%' AND state = 'idle in transaction'"));
            BackgroundRun writer = new BackgroundRun("$WRITER" + connection + " < '" + stream + "'", folder);
            await(() -> activity("query LIKE 'CREATE DATABASE%' AND wait_event_type = 'Lock'"));
            writer.signal("INT");
            assertThat(writer.await()).as(writer.stderr()).isEqualTo(130);
        }
        await(() -> POSTGRES.sql("postgres", "SELECT datname FROM pg_database").contains(NAME + "__bpipe_new"));

        assertThat(POSTGRES.sql(NAME, "SELECT v FROM t")).isEqualTo("later\n");
        assertThat(Installed.shell("$WRITER status " + database).text())
                .contains(NAME + "__bpipe_new is left of an interrupted run");
        Installed.Answer next = Installed.shell("$WRITER" + connection + " --no-keep < '" + stream + "'");
        assertThat(next.status()).as(next.err()).isZero();
        assertThat(next.err()).contains("removed what an earlier run had left: " + NAME + "__bpipe_new");
        assertThat(POSTGRES.sql("postgres", "SELECT datname FROM pg_database WHERE datname LIKE '" + NAME + "%'"))
                .isEqualTo(NAME + "\n");
        assertThat(POSTGRES.sql(NAME, "SELECT v FROM t")).isEqualTo("backup\n");
    }

    private static boolean activity(String condition) {
        return !POSTGRES.sql("postgres", "SELECT 1 FROM pg_stat_activity WHERE " + condition)
                .isEmpty();
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
