package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job with the installed programs: out of a live database, and the database back from it. */
class RoundTripIT {
    /** Beyond ASCII, because file daemons run with LANG=C. */
    private static final String NAME = "wölke 1";

    private static ThrowawayMariaDb mariaDb;
    private static ThrowawayPostgres postgres;

    @TempDir
    private Path folder;

    @BeforeAll
    static void startServers() {
        mariaDb = ThrowawayMariaDb.shared();
        AwkwardMariaDb.create(mariaDb, NAME);
        postgres = ThrowawayPostgres.shared();
        AwkwardPostgres.create(postgres, NAME);
    }

    @AfterAll
    static void dropDatabases() {
        for (String suffix : new String[] {"", " copy", " plain", " copy__bpipe_old", "__bpipe_old"}) {
            mariaDb.sql("", "DROP DATABASE IF EXISTS `" + NAME + suffix + "`");
            AwkwardPostgres.drop(postgres, NAME + suffix);
        }
        AwkwardPostgres.dropRoles(postgres);
    }

    @Test
    void aLiveMariaDbDatabaseIsCopiedThroughAPipe() {
        String connection = "--socket=" + mariaDb.socket() + " --user=root";
        Installed.Answer answer = Installed.shell("export LANG=C; $READER --engine mariadb --database '" + NAME + "' "
                + connection + " | $WRITER " + connection + " --into '" + NAME + " copy'");
        assertThat(answer.err()).contains("restored " + NAME + " copy");
        assertThat(answer.status()).isZero();
        assertThat(differences(MariaDbFingerprint.of(mariaDb, NAME), MariaDbFingerprint.of(mariaDb, NAME + " copy")))
                .isEmpty();
    }

    @Test
    void aMariaDbStreamIsAnOrdinaryScriptForTheOrdinaryPrograms() {
        mariaDb.sql(
                "",
                "CREATE DATABASE `" + NAME + " plain` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
                        + " COMMENT 'it''s'");
        Path stream = folder.resolve("stream");
        assertThat(dumpMariaDb(stream).status()).isZero();
        Installed.Answer answer = Installed.shell("zstd -qdc " + stream
                + " | mariadb --no-defaults --binary-mode --comments" + " --max-allowed-packet=1G --socket="
                + mariaDb.socket() + " --user=root '" + NAME + " plain'");
        assertThat(answer.err()).isEmpty();
        assertThat(answer.status()).isZero();
        assertThat(differences(MariaDbFingerprint.of(mariaDb, NAME), MariaDbFingerprint.of(mariaDb, NAME + " plain")))
                .isEmpty();
    }

    @Test
    void aMariaDbDatabaseIsRestoredOverItselfAndTheFormerOneKept() {
        var before = MariaDbFingerprint.of(mariaDb, NAME);
        Path stream = folder.resolve("stream");
        assertThat(dumpMariaDb(stream).status()).isZero();
        Installed.Answer answer = Installed.shell("$WRITER --socket=" + mariaDb.socket() + " --user=root < " + stream);
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.err()).contains("the former database is kept as " + NAME + "__bpipe_old");
        assertThat(differences(before, MariaDbFingerprint.of(mariaDb, NAME))).isEmpty();
    }

    @Test
    void aLivePostgresDatabaseIsCopiedThroughAPipe() {
        String connection = postgresConnection();
        Installed.Answer answer = Installed.shell("export LANG=C; $READER --engine postgresql --database '" + NAME
                + "' " + connection + " | $WRITER " + connection + " --into '" + NAME + " copy'");
        assertThat(answer.err()).contains("restored " + NAME + " copy");
        assertThat(answer.status()).isZero();
        assertThat(differences(
                        PostgresFingerprint.of(postgres, NAME), PostgresFingerprint.of(postgres, NAME + " copy")))
                .isEmpty();
    }

    @Test
    void aPostgresStreamIsAnOrdinaryScriptForTheOrdinaryPrograms() {
        Path stream = folder.resolve("stream");
        Installed.Answer dump = Installed.shell(
                "$READER --engine postgresql --database '" + NAME + "' " + postgresConnection() + " > " + stream);
        assertThat(dump.status()).as(dump.err()).isZero();
        postgres.sql("postgres", "CREATE DATABASE \"" + NAME + " plain\" TEMPLATE template0");
        Installed.Answer answer = Installed.shell(
                "zstd -qdc " + stream + " | " + postgres.programs().resolve("psql") + " -X -q -v ON_ERROR_STOP=1 -h "
                        + postgres.socketFolder() + " -U postgres '" + NAME + " plain'");
        assertThat(answer.err()).doesNotContain("ERROR");
        assertThat(answer.status()).isZero();
        var expected = PostgresFingerprint.of(postgres, NAME);
        var actual = PostgresFingerprint.of(postgres, NAME + " plain");
        // what belongs to the database as a whole stands in comments of the script
        expected.keySet().removeIf(key -> key.startsWith("database") || key.startsWith("setting"));
        actual.keySet().removeIf(key -> key.startsWith("database") || key.startsWith("setting"));
        assertThat(differences(expected, actual)).isEmpty();
    }

    @Test
    void aSqliteDatabaseIsRestoredAndTheStreamHoldsTheVeryFile() throws IOException {
        Path live = folder.resolve("it's 100% live?.db");
        AwkwardSqlite.create(live);
        var before = SqliteFingerprint.of(live);
        Path stream = folder.resolve("stream");
        Installed.Answer dump =
                Installed.reader("--engine", "sqlite", "--database", live.toString(), "--output", stream.toString());
        assertThat(dump.status()).as(dump.err()).isZero();
        Files.writeString(live, "garbage");
        Installed.Answer restore = Installed.writer(Files.readAllBytes(stream));
        assertThat(restore.status()).as(restore.err()).isZero();
        assertThat(SqliteFingerprint.of(live)).isEqualTo(before);

        Path plain = folder.resolve("plain.db");
        assertThat(Installed.shell("zstd -qdc " + stream + " > " + plain).status())
                .isZero();
        // the journal mode is no part of the copy
        before.removeIf(line -> line.startsWith("journal_mode"));
        var unpacked = SqliteFingerprint.of(plain);
        unpacked.removeIf(line -> line.startsWith("journal_mode"));
        assertThat(unpacked).isEqualTo(before);
    }

    @Test
    void catPrintsTheSameBytesAsZstd() {
        Path stream = folder.resolve("stream");
        assertThat(dumpMariaDb(stream).status()).isZero();
        Installed.Answer answer = Installed.shell("cmp <(zstd -qdc " + stream + ") <($WRITER cat < " + stream + ")");
        assertThat(answer.status()).as(answer.text() + answer.err()).isZero();
        assertThat(Installed.shell("zstd -t " + stream).status()).isZero();
    }

    @Test
    void inspectShowsObjectsButNoSecrets() {
        mariaDb.sql(
                "",
                "CREATE USER IF NOT EXISTS sesame@localhost IDENTIFIED BY 'open sesame'; GRANT SELECT ON `" + NAME
                        + "`.* TO sesame@localhost");
        String hash = mariaDb.sql("", "SELECT authentication_string FROM mysql.user WHERE user = 'sesame'")
                .strip();
        Path stream = folder.resolve("stream");
        assertThat(dumpMariaDb(stream).status()).isZero();
        Installed.Answer text = Installed.shell("$WRITER inspect < " + stream);
        Installed.Answer json = Installed.shell("$WRITER inspect --json < " + stream);
        assertThat(hash).startsWith("*");
        assertThat(text.text()).contains("sesame").contains("trigger").doesNotContain(hash);
        assertThat(json.text()).contains("sesame").contains("\"objects\"").doesNotContain(hash);
        assertThat(Installed.shell("zstd -qdc " + stream).text()).doesNotContain(hash);
        mariaDb.sql("", "DROP USER sesame@localhost");
    }

    /** What two fingerprints do not have in common, in words. */
    private static List<String> differences(Map<String, String> expected, Map<String, String> actual) {
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(actual.keySet());
        return keys.stream()
                .filter(key -> !Objects.equals(expected.get(key), actual.get(key)))
                .map(key -> key + ": expected " + expected.get(key) + ", found " + actual.get(key))
                .toList();
    }

    private static Installed.Answer dumpMariaDb(Path stream) {
        return Installed.shell("$READER --engine mariadb --database '" + NAME + "' --socket=" + mariaDb.socket()
                + " --user=root > " + stream);
    }

    private static String postgresConnection() {
        return "--socket=" + postgres.socketFolder() + " --user=postgres --clients=" + postgres.programs();
    }
}
