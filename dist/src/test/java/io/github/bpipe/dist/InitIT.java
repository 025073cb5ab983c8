package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From an application's own configuration to a dump of its database, with no word said about the database. */
class InitIT {
    private static final String OWN_USER = System.getProperty("user.name");

    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void makeApplication() throws IOException {
        root = folder.toRealPath().resolve("cloud");
        Files.createDirectories(root.resolve("config"));
        Files.createDirectories(root.resolve("data"));
        Files.createFile(root.resolve("data/.ncdata"));
        Files.writeString(
                root.resolve("version.php"), "<?php\n$OC_VersionString = '31.0.3';\n$vendor = 'nextcloud';\n");
    }

    @Test
    void aNextcloudOnMariaDbIsDumpedWithTheProfileThatWasFound() throws IOException {
        ThrowawayMariaDb server = ThrowawayMariaDb.shared();
        server.sql(
                "",
                "CREATE DATABASE cloud_it; CREATE TABLE cloud_it.oc_users (uid INT PRIMARY KEY) ENGINE=InnoDB;"
                        + " INSERT INTO cloud_it.oc_users VALUES (1), (2);");
        try {
            configure("'dbtype' => 'mysql', 'dbhost' => 'localhost:" + server.socket() + "', 'dbname' => 'cloud_it'");
            assertThat(dumped("mariadb")).contains("CREATE TABLE `oc_users`", "(1)");
        } finally {
            server.sql("", "DROP DATABASE cloud_it");
        }
    }

    @Test
    void aNextcloudOnPostgresqlIsDumpedWhetherItConnectsThroughTheSocketOrTcp() throws IOException {
        ThrowawayPostgres server = ThrowawayPostgres.shared();
        server.sql("postgres", "CREATE DATABASE cloud_it");
        try {
            server.sql("cloud_it", "CREATE TABLE oc_users (uid int PRIMARY KEY); INSERT INTO oc_users VALUES (4711)");
            String runAs = "--run-as=" + (Programs.root() ? "postgres" : OWN_USER);
            configure("'dbtype' => 'pgsql', 'dbhost' => '" + server.socketFolder() + "', 'dbname' => 'cloud_it'");
            assertThat(dumped("postgresql", runAs)).contains("CREATE TABLE public.oc_users", "4711");
            configure("'dbtype' => 'pgsql', 'dbhost' => '127.0.0.1:5432', 'dbname' => 'cloud_it'");
            assertThat(dumped("postgresql", runAs, "--socket=" + server.socketFolder()))
                    .contains("CREATE TABLE public.oc_users", "4711");
        } finally {
            server.sql("postgres", "DROP DATABASE cloud_it");
        }
    }

    @Test
    void aNextcloudOnSqliteIsDumped() throws IOException {
        configure("'dbtype' => 'sqlite3', 'dbname' => 'cloud'");
        String file = root.resolve("data/cloud.db").toString();
        Programs.run(
                        Programs.find("sqlite3", "sqlite3"),
                        file,
                        "CREATE TABLE oc_users (uid int); PRAGMA user_version=7;")
                .orFail();
        assertThat(dumped("sqlite")).startsWith("SQLite format 3");
    }

    @Test
    void whoeverSitsAtATerminalIsAskedForTheAdministratorOfAServerElsewhere() throws IOException {
        configure("'dbtype' => 'mysql', 'dbhost' => 'db.invalid', 'dbname' => 'cloud'");
        Path account = Files.writeString(folder.resolve("admin.cnf"), "[client]\nuser=admin\n");
        Files.setPosixFilePermissions(account, PosixFilePermissions.fromString("rw-------"));
        Path profile = folder.resolve("cloud.yaml");
        String init = Installed.CONFIG + " init " + root + " --profile=" + profile;

        Installed.Answer unasked = Installed.shell(init + " < /dev/null");
        assertThat(unasked.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(unasked.err()).contains("name it with --option-file");
        Installed.Answer nothing = Installed.shell("echo | script -qec '" + init + "' /dev/null");
        assertThat(nothing.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(profile).doesNotExist();

        Installed.Answer asked = Installed.shell("echo " + account + " | script -qec '" + init + "' /dev/null");
        assertThat(asked.status()).as(asked.text()).isZero();
        assertThat(asked.text()).contains("db.invalid", "name an option file with an administrative account");
        assertThat(profile).content().contains("host: db.invalid\n").contains("optionFile: " + account + "\n");
    }

    private void configure(String settings) throws IOException {
        Files.writeString(
                root.resolve("config/config.php"),
                "<?php\n$CONFIG = array (\n  'version' => '31.0.3.2', 'dbuser' => 'oc',\n  " + settings + ",\n);\n");
    }

    /** What a dump holds that knows nothing but the profile that init writes. */
    private String dumped(String engine, String... options) throws IOException {
        Path profile = folder.resolve("cloud.yaml");
        List<String> arguments = new ArrayList<>(List.of("init", root.toString(), "--force", "--profile=" + profile));
        arguments.addAll(List.of(options));
        Installed.Answer init =
                Installed.run(Installed.CONFIG, new byte[0], Map.of(), arguments.toArray(String[]::new));
        assertThat(init.status()).as(init.err()).isZero();
        assertThat(init.err()).isEmpty();
        assertThat(profile).content().contains("engine: " + engine + "\n");
        Installed.Answer dump = Installed.reader("--profile", profile.toString());
        assertThat(dump.status()).as(dump.err()).isZero();
        Installed.Answer text = Installed.writer(dump.out(), "cat");
        assertThat(text.status()).as(text.err()).isZero();
        return text.text();
    }
}
