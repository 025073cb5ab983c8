package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways to say which database and who connects: profiles, option files, peer authentication. */
class ConnectionIT {
    private static final String DATABASE = "connected";
    private static final String PASSWORD = "it's # tricky ; x";

    private static ThrowawayMariaDb mariaDb;
    private static ThrowawayPostgres postgres;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServers() {
        mariaDb = ThrowawayMariaDb.shared();
        mariaDb.sql(
                "",
                "CREATE DATABASE " + DATABASE + "; CREATE TABLE " + DATABASE + ".t (i int); INSERT INTO " + DATABASE
                        + ".t VALUES (1), (2)");
        mariaDb.sql(
                "",
                "CREATE USER backup@localhost IDENTIFIED BY 'it''s # tricky ; x'; GRANT SELECT, SHOW VIEW, TRIGGER,"
                        + " EVENT ON " + DATABASE
                        + ".* TO backup@localhost; GRANT SELECT ON mysql.* TO backup@localhost");
        postgres = ThrowawayPostgres.startWithPasswords();
        postgres.sql(
                "postgres",
                "CREATE ROLE peered LOGIN SUPERUSER; CREATE ROLE backup LOGIN SUPERUSER PASSWORD 'pass:word'");
        postgres.sql("postgres", "CREATE DATABASE " + DATABASE);
        postgres.sql(DATABASE, "CREATE TABLE t (i int); INSERT INTO t VALUES (1), (2)");
    }

    @AfterAll
    static void stop() {
        for (String database : new String[] {DATABASE, DATABASE + "__bpipe_old"}) {
            mariaDb.sql("", "DROP DATABASE IF EXISTS " + database);
        }
        mariaDb.sql("", "DROP USER backup@localhost");
        postgres.stop(false);
    }

    @Test
    void aProfileServesBothPrograms() throws IOException {
        Path options = secret("backup.cnf", "[client]\nuser = backup\npassword = \"" + PASSWORD + "\"\n");
        Files.writeString(
                folder.resolve("cloud.yaml"), """
                engine: mariadb
                database: %s
                connection:
                  socket: %s
                  optionFile: %s
                dump:
                  level: 1
                  threads: 1
                restore:
                  connection:
                    socket: %s
                    user: root
                  keepPrevious: true
                """.formatted(DATABASE, mariaDb.socket(), options, mariaDb.socket()));
        String environment = "export BPIPE_CONFIG_DIR=" + folder + " BPIPE_STATE_DIR=" + folder + "/state; ";
        Path stream = folder.resolve("stream");
        Installed.Answer dump = Installed.shell(environment + "$READER --profile cloud > " + stream);
        assertThat(dump.status()).as(dump.err()).isZero();
        assertThat(Installed.shell("$WRITER inspect < " + stream).text()).containsPattern("profile +cloud\n");
        mariaDb.sql(DATABASE, "DELETE FROM t");
        Installed.Answer restore = Installed.shell(environment + "$WRITER --profile cloud < " + stream);
        assertThat(restore.status()).as(restore.err()).isZero();
        assertThat(restore.err()).contains("kept as " + DATABASE + "__bpipe_old");
        assertThat(mariaDb.sql(DATABASE, "SELECT COUNT(*) FROM t").strip()).isEqualTo("2");
        Installed.Answer other =
                Installed.shell(environment + "$WRITER --profile cloud --engine postgresql < " + stream);
        assertThat(other.status()).isEqualTo(ExitCode.WRONG_ENGINE.code());
    }

    @Test
    void aPasswordFileServesPostgresAndNoPasswordIsEverAskedFor() throws IOException {
        String command = "$READER --engine postgresql --database " + DATABASE + " --user backup --socket "
                + postgres.socketFolder() + " --clients " + postgres.programs();
        Installed.Answer without = Installed.shell("export HOME=" + folder + "; " + command);
        assertThat(without.status()).isEqualTo(ExitCode.LOGIN.code());
        Path passwords = secret("pgpass", "*:*:*:backup:pass\\:word\n");
        Installed.Answer with = Installed.shell(command + " --option-file " + passwords + " | $WRITER verify");
        assertThat(with.status()).as(with.err()).isZero();
        assertThat(with.text()).contains("2 rows");
        Files.setPosixFilePermissions(passwords, PosixFilePermissions.fromString("rw-r--r--"));
        Installed.Answer readable = Installed.shell(command + " --option-file " + passwords);
        assertThat(readable.status()).isEqualTo(ExitCode.SECRET.code());
        assertThat(readable.err()).contains("can be read by everybody").doesNotContain("pass\\:word");
    }

    @Test
    void peerAuthenticationServesWhoeverMayBecomeThatUser() {
        Installed.Answer answer = Installed.shell("$READER --engine postgresql --database " + DATABASE
                + " --user peered --run-as " + ThrowawayPostgres.serverUser() + " --socket " + postgres.socketFolder()
                + " --clients " + postgres.programs() + " | $WRITER verify");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.text()).contains("2 rows");
    }

    @Test
    void aLiveSqliteDatabaseIsCopiedThroughAPipe() {
        Path live = folder.resolve("live.db");
        Path copy = folder.resolve("copy.db");
        AwkwardSqlite.create(live);
        Installed.Answer answer =
                Installed.shell("$READER --engine sqlite --database " + live + " | $WRITER --into " + copy);
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(SqliteFingerprint.of(copy)).isEqualTo(SqliteFingerprint.of(live));
    }

    @Test
    void aTerminalShowsProgressAndTheSum() {
        Installed.Answer answer = Installed.shell("script -qec '$READER --engine mariadb --database " + DATABASE
                + " --user root --socket " + mariaDb.socket() + " --output " + folder + "/x' /dev/null < /dev/null");
        assertThat(answer.status()).isZero();
        assertThat(answer.text()).contains("complete: ").contains("2 rows");
    }

    private Path secret(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(name), content);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }
}
