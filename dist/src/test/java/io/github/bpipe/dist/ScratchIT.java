package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A restore to another place, for a profile that wants a database there and not a file. */
@Timeout(120)
class ScratchIT {
    private static final String NAME = "scratch_it";
    private static final String OF_JOB = "_job_4711";

    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String suffix : new String[] {"", OF_JOB}) {
            MARIADB.sql("", "DROP DATABASE IF EXISTS " + NAME + suffix);
            POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS " + NAME + suffix);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void theDatabaseIsNamedAfterTheJob(String engine) throws IOException {
        String live = engine.equals("sqlite") ? folder.resolve("app.db").toString() : NAME;
        switch (engine) {
            case "mariadb" -> MARIADB.sql("", "CREATE DATABASE " + NAME);
            case "postgresql" -> POSTGRES.sql("postgres", "CREATE DATABASE " + NAME);
            default -> {}
        }
        sql(engine, live, "CREATE TABLE t (v varchar(10)); INSERT INTO t VALUES ('backup')");
        Files.writeString(
                folder.resolve("cloud.yaml"),
                "engine: " + engine + "\ndatabase: " + live + "\n" + connection(engine)
                        + "restore:\n  where: scratch\n");
        String environment = "export BPIPE_CONFIG_DIR=" + folder + " BPIPE_STATE_DIR=" + folder + "/state; ";
        String stream = folder + "/stream";
        assertThat(Installed.shell(environment + "$READER --profile cloud > " + stream)
                        .err())
                .isEmpty();
        sql(engine, live, "UPDATE t SET v = 'later'");

        String restore = "$WRITER --profile cloud --where=/var/tmp/elsewhere --replace=n < " + stream;
        Installed.Answer unknown = Installed.shell(environment + restore);
        assertThat(unknown.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(unknown.err()).contains("names no job").contains("--into");

        Installed.Answer answer = Installed.shell(environment + "export BareosJobId=4711; " + restore);
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(sql(engine, live + OF_JOB, "SELECT v FROM t")).isEqualTo("backup\n");
        assertThat(sql(engine, live, "SELECT v FROM t")).isEqualTo("later\n");
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
        return switch (engine) {
            case "mariadb" -> MARIADB.sql(database, sql);
            case "postgresql" -> POSTGRES.sql(database, sql);
            default -> Programs.run("sqlite3", database, sql).orFail();
        };
    }
}
