package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardPostgres;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.PostgresFingerprint;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.RealDaemon;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The installed programs under real daemons, with the configuration that bareos-config makes for real profiles. */
@Timeout(420)
class DaemonIT {
    private static final String MARIA = "daemon maria";
    private static final String POSTGRES = "daemon postgres";
    private static final String FRAGILE = "daemon_fragile";
    private static final String INTO = "daemon_into";

    @TempDir
    private static Path folder;

    private static RealDaemon daemon;
    private static ThrowawayMariaDb mariaDb;
    private static ThrowawayPostgres postgres;
    private static Path sqlite;
    private static Path data;

    @BeforeAll
    static void makeApplications() throws IOException {
        mariaDb = ThrowawayMariaDb.shared();
        postgres = ThrowawayPostgres.shared();
        daemon = RealDaemon.start();
        AwkwardMariaDb.create(mariaDb, MARIA);
        AwkwardPostgres.create(postgres, POSTGRES);
        sqlite = folder.resolve("app.db");
        AwkwardSqlite.create(sqlite);
        data = Files.createDirectory(folder.resolve("data"));
        mariaDb.sql("", "CREATE DATABASE " + FRAGILE);
        mariaDb.sql(FRAGILE, "CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t VALUES (1), (2)");

        String maria = "connection: {socket: " + mariaDb.socket() + ", user: root}\n";
        profile("maria", "mariadb", MARIA, maria + "files: {include: [" + data + "]}\n");
        profile(
                "postgres",
                "postgresql",
                POSTGRES,
                "connection: {socket: %s, user: postgres, clients: %s}%n"
                        .formatted(postgres.socketFolder(), postgres.programs()));
        profile("sqlite", "sqlite", sqlite.toString(), "");
        profile(
                "fragile",
                "mariadb",
                FRAGILE,
                maria
                        + "hooks: {preBackup: [{command: [%1$s/spoil-backup]}], preRestore: [{command: [%1$s/spoil-restore]}]}%n"
                                .formatted(folder));

        for (Path program : List.of(Installed.READER, Installed.WRITER)) {
            Installed.script(
                    folder.resolve(program.getFileName()),
                    RunFolder.VARIABLE + "=" + folder + "/state exec " + program + " \"$@\"");
        }
        String sql = "mariadb --no-defaults --socket=" + mariaDb.socket() + " --user=root -e ";
        Installed.script(
                folder.resolve("spoil-backup"),
                sql + "'CREATE TABLE IF NOT EXISTS " + FRAGILE + ".old (i int) ENGINE=MyISAM'");
        Installed.script(
                folder.resolve("spoil-restore"),
                sql + "'CREATE DATABASE " + FRAGILE + "__bpipe_old; CREATE TABLE " + FRAGILE
                        + "__bpipe_old.mine (i int)'");
        daemon.configure(generate("shop", "maria", "postgres", "sqlite") + generate("fragile", "fragile"));
    }

    @AfterAll
    static void stop() {
        daemon.close();
        for (String name : new String[] {MARIA, FRAGILE, INTO}) {
            mariaDb.sql("", "DROP DATABASE IF EXISTS `" + name + "`");
            mariaDb.sql("", "DROP DATABASE IF EXISTS `" + name + "__bpipe_old`");
        }
        for (String name : postgres.sql(
                        "postgres", "SELECT datname FROM pg_database WHERE datname LIKE '" + POSTGRES + "%'")
                .lines()
                .toList()) {
            AwkwardPostgres.drop(postgres, name.strip());
        }
        AwkwardPostgres.dropRoles(postgres);
    }

    @Test
    void filesAndThreeDatabasesComeBackTogetherOrElsewhere() throws IOException {
        Path kept = Files.writeString(data.resolve("kept"), "kept");
        Map<String, String> maria = MariaDbFingerprint.of(mariaDb, MARIA);
        Map<String, String> postgresBefore = PostgresFingerprint.of(postgres, POSTGRES);
        List<String> sqliteBefore = List.copyOf(SqliteFingerprint.of(sqlite));

        RealDaemon.Job backup = daemon.run("run job=shop-backup level=Full yes");
        assertThat(backup.status()).as(backup.log()).isIn('T', 'W');
        assertThat(backup.log())
                .contains("bpipe-reader maria: " + MARIA + " can be dumped")
                .contains(
                        "bpipe-reader maria: dumped ", "bpipe-reader postgres: dumped ", "bpipe-reader sqlite: dumped ")
                .contains("consistent as of 2");

        Files.delete(kept);
        mariaDb.sql("", "DROP DATABASE `" + MARIA + "`; CREATE DATABASE `" + MARIA + "`");
        mariaDb.sql(MARIA, "CREATE TABLE wrong (i int)");
        postgres.sql(POSTGRES, "CREATE TABLE wrong (i int)");
        Programs.run("sqlite3", sqlite.toString(), "CREATE TABLE wrong (i int)").orFail();
        List<Object> changed = contents();

        RealDaemon.Job copy = daemon.restore("shop", "restorejob=shop-restore-copy");
        assertThat(copy.status()).as(copy.log()).isIn('T', 'W');
        Path elsewhere = folder.resolve("elsewhere/shop");
        assertThat(copy.log()).contains("no database was touched; the stream is in");
        assertThat(elsewhere.resolve(kept.toString().substring(1))).hasContent("kept");
        for (String file : new String[] {MARIA + ".sql.zst", POSTGRES + ".sql.zst", "app.db.zst"}) {
            assertThat(Installed.writer(Files.readAllBytes(elsewhere.resolve(file)), "verify")
                            .status())
                    .as(file)
                    .isZero();
        }
        assertThat(contents()).as("after a restore elsewhere").isEqualTo(changed);

        RealDaemon.Job never = daemon.restore("shop", "restorejob=shop-restore replace=never");
        assertThat(never.status()).as(never.log()).isIn('E', 'f');
        assertThat(never.log())
                .contains("bpipe-writer maria: FAILED: ", "(exit code " + ExitCode.TARGET.code() + ")")
                .doesNotContain("not usable for");
        assertThat(contents()).as("after a restore that must not replace").isEqualTo(changed);

        RealDaemon.Job restore = daemon.restore("shop", "restorejob=shop-restore");
        assertThat(restore.status()).as(restore.log()).isIn('T', 'W');
        assertThat(restore.log())
                .contains("bpipe-writer sqlite: a restore of " + sqlite + " can begin")
                .contains("restored " + MARIA + ", not usable for", "restored " + POSTGRES + ", not usable for");
        assertThat(kept).hasContent("kept");
        assertThat(MariaDbFingerprint.of(mariaDb, MARIA)).isEqualTo(maria);
        assertThat(PostgresFingerprint.of(postgres, POSTGRES)).isEqualTo(postgresBefore);
        assertThat(List.copyOf(SqliteFingerprint.of(sqlite))).isEqualTo(sqliteBefore);
        assertThat(restore.log()).doesNotContain("FAILED");
    }

    @Test
    void aReaderThatFailsFailsTheJobAndTheLogSaysWhy() {
        mariaDb.sql(FRAGILE, "DROP TABLE IF EXISTS old");
        RealDaemon.Job failed = daemon.run("run job=fragile-backup level=Full yes");
        assertThat(failed.log())
                .contains("can be dumped")
                .contains("bpipe-reader fragile: FAILED: ", "MyISAM", "(exit code " + ExitCode.UNSUITABLE.code() + ")");
        assertThat(failed.status()).as(failed.log()).isIn('E', 'f');

        RealDaemon.Job refused = daemon.run("run job=fragile-backup level=Full yes");
        assertThat(refused.log()).contains("bpipe-reader fragile: the check failed: ", "MyISAM");
        assertThat(refused.status()).as(refused.log()).isIn('E', 'f');
    }

    @Test
    void aWriterThatFailsFailsTheJobAndLeavesTheDatabase() throws IOException {
        Path unspoiled = folder.resolve("spoil-backup");
        String spoil = Files.readString(unspoiled);
        mariaDb.sql(FRAGILE, "DROP TABLE IF EXISTS old");
        Files.writeString(unspoiled, "#!/bin/sh\n");
        RealDaemon.Job backup = daemon.run("run job=fragile-backup level=Full yes");
        Files.writeString(unspoiled, spoil);
        assertThat(backup.status()).as(backup.log()).isEqualTo('T');
        mariaDb.sql(FRAGILE, "INSERT INTO t VALUES (3)");

        RealDaemon.Job failed = daemon.restore("fragile", "restorejob=fragile-restore");
        assertThat(failed.log())
                .contains("can begin")
                .contains("bpipe-writer fragile: FAILED: ", FRAGILE + "__bpipe_old", "hint: ");
        assertThat(failed.status()).as(failed.log()).isIn('E', 'f');
        assertThat(mariaDb.sql(FRAGILE, "SELECT count(*) FROM t").strip()).isEqualTo("3");

        RealDaemon.Job refused = daemon.restore("fragile", "restorejob=fragile-restore");
        // a restore that was stopped by a script before it runs none after it: these are the words of the check itself
        assertThat(refused.log())
                .contains("bpipe-writer: error: the database " + FRAGILE + "__bpipe_old is not one of", "hint: ");
        assertThat(refused.status()).as(refused.log()).isIn('E', 'f');
    }

    @Test
    void aReservedWhereRestoresBesideTheLiveDatabase() throws IOException {
        Path spoiling = folder.resolve("spoil-backup");
        String spoil = Files.readString(spoiling);
        mariaDb.sql(FRAGILE, "DROP TABLE IF EXISTS old; CREATE TABLE u (i int); INSERT INTO u VALUES (7)");
        Files.writeString(spoiling, "#!/bin/sh\n");
        RealDaemon.Job backup = daemon.run("run job=fragile-backup level=Full yes");
        Files.writeString(spoiling, spoil);
        assertThat(backup.status()).as(backup.log()).isEqualTo('T');
        mariaDb.sql(FRAGILE, "UPDATE u SET i = 8");
        Map<String, String> live = MariaDbFingerprint.of(mariaDb, FRAGILE);

        RealDaemon.Job into = daemon.restore("fragile", "restorejob=fragile-restore-copy where=/bpipe/into/" + INTO);
        assertThat(into.status()).as(into.log()).isIn('T', 'W');
        assertThat(into.log()).contains("restored into " + INTO + "; the live database was not touched");
        assertThat(mariaDb.sql(INTO, "SELECT i FROM u").strip()).isEqualTo("7");

        RealDaemon.Job only = daemon.restore("fragile", "restorejob=fragile-restore-copy where=/bpipe/only/u");
        assertThat(only.status()).as(only.log()).isIn('T', 'W');
        String picked =
                mariaDb.sql("", "SHOW DATABASES LIKE '" + FRAGILE + "_only_%'").strip();
        assertThat(only.log()).contains("restored into " + picked + ";");
        assertThat(mariaDb.sql(picked, "SHOW TABLES").strip()).isEqualTo("u");
        mariaDb.sql("", "DROP DATABASE " + picked);

        assertThat(MariaDbFingerprint.of(mariaDb, FRAGILE)).isEqualTo(live);
    }

    /** The three live databases, and the names of all others. */
    private static List<Object> contents() throws IOException {
        return List.of(
                MariaDbFingerprint.of(mariaDb, MARIA),
                mariaDb.sql("", "SHOW DATABASES"),
                PostgresFingerprint.of(postgres, POSTGRES),
                postgres.sql("postgres", "SELECT datname FROM pg_database ORDER BY 1"),
                List.copyOf(SqliteFingerprint.of(sqlite)));
    }

    private static void profile(String name, String engine, String database, String more) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), """
                engine: %s
                database: %s
                bareos: {programs: %3$s, where: %3$s/elsewhere}
                """.formatted(engine, database, folder) + more);
    }

    /** The director's includes of a new configuration. */
    private static String generate(String application, String... profiles) throws IOException {
        return Installed.generateForBacula(
                folder.resolve("etc-" + application),
                application,
                Stream.of(profiles)
                        .map(profile -> folder.resolve(profile + ".yaml"))
                        .toArray(Path[]::new));
    }
}
