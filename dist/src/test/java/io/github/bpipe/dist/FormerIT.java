package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left after a restore, and the way back, with the installed programs. */
@Timeout(120)
class FormerIT {
    private static final String NAME = "former it";

    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path folder;

    @AfterEach
    void drop() {
        for (String suffix : new String[] {"", "__bpipe_old"}) {
            MARIADB.sql("", "DROP DATABASE IF EXISTS `" + NAME + suffix + "`");
            POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS \"" + NAME + suffix + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void aRestoreIsTakenBackAndDoneAgain(String engine) throws IOException {
        byte[] stream = makeAndDump(engine);
        assertThat(status(engine)).contains(live(engine) + " is live\n").contains("no former database is kept\n");
        assertThat(about(engine, "rollback").status()).isEqualTo(ExitCode.NO_DATABASE.code());

        restore(engine, stream);
        assertThat(value(engine)).isEqualTo("backup");
        assertThat(status(engine))
                .containsPattern("the former database is kept as \\Q" + live(engine)
                        + "\\E(__bpipe_old|\\.bpipe-old): live until 20.*, replaced by dump [0-9a-f-]{36}\n");
        assertThat(about(engine, "status", "--json").text())
                .contains("\"exists\" : true")
                .contains("\"replacedBy\" : \"dump ")
                .contains("\"leftovers\" : [ ]");

        Installed.Answer back = about(engine, "rollback");
        assertThat(back.status()).as(back.err()).isZero();
        assertThat(back.err()).contains("the former database is live again").contains("what was live is kept as");
        assertThat(value(engine)).isEqualTo("later");
        assertThat(status(engine)).contains("replaced by a rollback\n");

        assertThat(about(engine, "rollback").status()).isZero();
        assertThat(value(engine)).isEqualTo("backup");

        assertThat(about(engine, "discard").status()).isZero();
        assertThat(status(engine)).contains("no former database is kept\n");
        Installed.Answer again = about(engine, "discard");
        assertThat(again.status()).isEqualTo(ExitCode.NO_DATABASE.code());
        assertThat(again.err())
                .contains("no former database of " + live(engine))
                .contains("hint: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void aHalfRestoredDatabaseIsNotDumpedAndTheNextRestoreHealsIt(String engine) throws IOException {
        byte[] stream = makeAndDump(engine);
        byte[] cut = Arrays.copyOf(stream, stream.length - 20);
        Installed.Answer broken = writer(engine, cut, "--mode", "in-place", "--into", live(engine));
        assertThat(broken.status()).as(broken.err()).isEqualTo(ExitCode.TRUNCATED_STREAM.code());
        assertThat(broken.err()).startsWith("bpipe-writer: warning: in place: " + live(engine));

        Installed.Answer dump = dump(engine, folder.resolve("half"));
        assertThat(dump.status()).as(dump.err()).isEqualTo(ExitCode.UNSUITABLE.code());
        assertThat(dump.err()).contains(live(engine) + " is half restored").contains("hint: repeat that restore");
        assertThat(status(engine)).contains(live(engine) + " is half restored: an in-place restore did not finish");

        assertThat(restore(engine, stream)).doesNotContain("in place");
        assertThat(value(engine)).isEqualTo("backup");
        assertThat(dump(engine, folder.resolve("whole")).status()).isZero();
        assertThat(status(engine)).contains(live(engine) + " is live\n").contains("no former database is kept\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void whatTheAdministratorDoesNotWantReplacedStays(String engine) throws IOException {
        byte[] stream = makeAndDump(engine);
        Installed.Answer never = writer(engine, stream, "--replace=n", "--where=/");
        assertThat(never.status()).as(never.err()).isEqualTo(ExitCode.TARGET.code());
        assertThat(never.err())
                .contains(live(engine) + " exists and must not be replaced")
                .contains("hint: ");

        Path where = folder.resolve("restores");
        Installed.Answer aside = writer(engine, stream, "--replace=a", "--where=" + where);
        assertThat(aside.status()).as(aside.err()).isZero();
        assertThat(aside.err()).contains("no database was touched");
        Path file = where.resolve(engine.equals("sqlite") ? "app.db.zst" : NAME + ".sql.zst");
        assertThat(file).hasBinaryContent(stream);

        assertThat(value(engine)).isEqualTo("later");
        assertThat(status(engine)).isEqualTo(live(engine) + " is live\nno former database is kept\n");
    }

    /** A database that was dumped and then changed. */
    private byte[] makeAndDump(String engine) throws IOException {
        switch (engine) {
            case "mariadb" -> MARIADB.sql("", "CREATE DATABASE `" + NAME + "`");
            case "postgresql" -> POSTGRES.sql("postgres", "CREATE DATABASE \"" + NAME + "\"");
            default -> {}
        }
        sql(engine, "CREATE TABLE t (v varchar(10) PRIMARY KEY); INSERT INTO t VALUES ('backup')");
        Path stream = folder.resolve("stream");
        Installed.Answer dump = dump(engine, stream);
        assertThat(dump.status()).as(dump.err()).isZero();
        sql(engine, "UPDATE t SET v = 'later'");
        return Files.readAllBytes(stream);
    }

    private String value(String engine) {
        return sql(engine, "SELECT v FROM t").strip();
    }

    private String sql(String engine, String sql) {
        return switch (engine) {
            case "mariadb" -> MARIADB.sql(NAME, sql);
            case "postgresql" -> POSTGRES.sql(NAME, sql);
            default ->
                Installed.shell("sqlite3 '" + live(engine) + "' \"" + sql + "\"")
                        .text();
        };
    }

    private String live(String engine) {
        return engine.equals("sqlite") ? folder.resolve("app.db").toString() : NAME;
    }

    private Installed.Answer dump(String engine, Path stream) {
        return Installed.shell("$READER " + database(engine) + connection(engine) + " --output '" + stream + "'");
    }

    private String restore(String engine, byte[] stream) {
        Installed.Answer answer = writer(engine, stream);
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer.err();
    }

    private static Installed.Answer writer(String engine, byte[] stream, String... arguments) {
        String quoted = Arrays.stream(arguments).map(each -> " '" + each + "'").reduce("", String::concat);
        try {
            Path in = Files.write(Files.createTempFile("bpipe-it", ".zst"), stream);
            try {
                return Installed.shell("$WRITER" + connection(engine) + quoted + " < " + in);
            } finally {
                Files.delete(in);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String status(String engine) {
        Installed.Answer answer = about(engine, "status");
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer.text();
    }

    private Installed.Answer about(String engine, String subcommand, String... arguments) {
        return Installed.shell("$WRITER " + subcommand + " " + database(engine) + connection(engine) + " "
                + String.join(" ", arguments));
    }

    private String database(String engine) {
        return "--engine " + engine + " --database '" + live(engine) + "'";
    }

    private static String connection(String engine) {
        return switch (engine) {
            case "mariadb" -> " --socket=" + MARIADB.socket() + " --user=root";
            case "postgresql" ->
                " --socket=" + POSTGRES.socketFolder() + " --user=postgres --clients=" + POSTGRES.programs();
            default -> "";
        };
    }
}
