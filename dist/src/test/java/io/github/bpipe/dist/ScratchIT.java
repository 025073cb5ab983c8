package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores to another place that make a database there and not a file. */
@Timeout(120)
class ScratchIT {
    private static final String NAME = "scratch_it";
    private static final String OF_JOB = "_job_4711";
    private static final String PICKED = "_only_job_4711";
    private static final String INTO = "scratch_it_into";

    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String name : new String[] {NAME, NAME + OF_JOB, NAME + PICKED, INTO}) {
            MARIADB.sql("", "DROP DATABASE IF EXISTS " + name);
            POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS " + name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void theDatabaseIsNamedAfterTheJob(String engine) throws IOException {
        String live = prepare(engine, "restore:\n  where: scratch\n");
        String restore = "--where=/var/tmp/elsewhere --replace=n";
        Installed.Answer unknown = restore("", restore);
        assertThat(unknown.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(unknown.err()).contains("names no job").contains("--into");

        Installed.Answer answer = restore("BareosJobId=4711", restore);
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(sql(engine, live + OF_JOB, "SELECT v FROM t")).isEqualTo("backup\n");
        assertThat(sql(engine, live, "SELECT v FROM t")).isEqualTo("later\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void aReservedWhereRestoresBesideTheLiveDatabaseAndNeverOverIt(String engine) throws IOException {
        String live = prepare(engine, "");
        String liveName = live.substring(live.lastIndexOf('/') + 1);

        Installed.Answer into = restore("BareosJobId=1 BareosWhere=/bpipe/into/" + INTO, "--where=%w");
        assertThat(into.status()).as(into.err()).isZero();
        String second = live.replace(liveName, INTO);
        assertThat(sql(engine, second, "SELECT v FROM t")).isEqualTo("backup\n");
        assertThat(sql(engine, second, "SELECT count(*) FROM u")).isEqualTo("0\n");
        assertThat(report()).contains("restored into ", INTO + "; the live database was not touched");
        assertThat(outcome()).isEqualTo("elsewhere\n");

        Installed.Answer only = restore("BareosJobId=4711", "--where=/bpipe/only/u");
        assertThat(only.status()).as(only.err()).isZero();
        assertThat(sql(engine, live + PICKED, "SELECT count(*) FROM u")).isEqualTo("0\n");
        Installed.Answer unpicked = Installed.shell(query(engine, live + PICKED, "SELECT v FROM t"));
        assertThat(unpicked.status()).isNotZero();

        for (String where : new String[] {
            "/bpipe/into/" + liveName, "/bpipe/into/" + liveName.toUpperCase(Locale.ROOT), "/bpipe/unknown"
        }) {
            Installed.Answer refused = restore("", "--where=" + where);
            assertThat(refused.status()).as(refused.err()).isEqualTo(ExitCode.USAGE.code());
            assertThat(refused.err()).contains("hint: ");
        }
        Installed.Answer nobody = Installed.shell("$WRITER --where=/bpipe/into/x < " + folder + "/stream");
        assertThat(nobody.err()).contains("needs a profile", "hint: name it with --profile");
        assertThat(nobody.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(sql(engine, live, "SELECT v FROM t")).isEqualTo("later\n");
    }

    /** A live database that has changed since its stream was made. */
    private String prepare(String engine, String more) throws IOException {
        String live = engine.equals("sqlite") ? folder.resolve("app.db").toString() : NAME;
        switch (engine) {
            case "mariadb" -> MARIADB.sql("", "CREATE DATABASE " + NAME);
            case "postgresql" -> POSTGRES.sql("postgres", "CREATE DATABASE " + NAME);
            default -> {}
        }
        sql(engine, live, "CREATE TABLE t (v varchar(10)); CREATE TABLE u (i int); INSERT INTO t VALUES ('backup')");
        Files.writeString(
                folder.resolve("cloud.yaml"),
                "engine: " + engine + "\ndatabase: " + live + "\n" + connection(engine) + more);
        assertThat(run("", "$READER --profile cloud > " + folder + "/stream").err())
                .isEmpty();
        sql(engine, live, "UPDATE t SET v = 'later'");
        return live;
    }

    private Installed.Answer restore(String variables, String options) {
        return run(variables, "$WRITER --profile cloud " + options + " < " + folder + "/stream");
    }

    private String report() {
        return run("", "$WRITER report --profile cloud").text();
    }

    private String outcome() {
        return run("", "$WRITER after --profile cloud --job 1 -- /usr/bin/printenv BPIPE_OUTCOME")
                .text();
    }

    private Installed.Answer run(String variables, String command) {
        return Installed.shell("export BPIPE_CONFIG_DIR=" + folder + " BPIPE_STATE_DIR=" + folder + "/state "
                + variables + "; " + command);
    }

    private static String connection(String engine) {
        return switch (engine) {
            case "mariadb" -> "connection: {socket: " + MARIADB.socket() + ", user: root}\n";
            case "postgresql" ->
                "connection: {socket: " + POSTGRES.socketFolder() + ", user: postgres, clients: " + POSTGRES.programs()
                        + "}\n";
            default -> "";
        };
    }

    private static String sql(String engine, String database, String sql) {
        return Programs.run("/bin/sh", "-c", query(engine, database, sql)).orFail();
    }

    private static String query(String engine, String database, String sql) {
        return switch (engine) {
            case "mariadb" ->
                "mariadb --no-defaults -N --socket=" + MARIADB.socket() + " --user=root " + database + " -e \"" + sql
                        + "\"";
            case "postgresql" ->
                "psql -X -A -t -q -v ON_ERROR_STOP=1 -h " + POSTGRES.socketFolder() + " -U postgres " + database
                        + " -c \"" + sql + "\"";
            default -> "sqlite3 " + database + " \"" + sql + "\"";
        };
    }
}
