package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayCloud;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application itself makes of what was restored: its own login, and single files of its users. */
@Timeout(120)
class RestoredCloudIT {
    private static final String NAME = "restored_cloud_it";
    private static final String PASSWORD = "o\"c:\\'# pw";

    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static ThrowawayPostgres postgres;

    @TempDir
    private Path temporary;

    private ThrowawayCloud cloud;
    private Path profile;

    @BeforeAll
    static void startServer() {
        postgres = ThrowawayPostgres.startWithPasswords();
        postgres.sql("postgres", "CREATE ROLE oc LOGIN PASSWORD 'o\"c:\\''# pw'");
        MARIADB.sql(
                "",
                "CREATE USER oc@localhost IDENTIFIED BY 'o\"c:\\\\\\'# pw'; GRANT ALL ON " + NAME
                        + ".* TO oc@localhost");
        // the application's user reaches the servers' sockets, as everywhere
        Programs.run(
                        "chmod",
                        "a+x",
                        MARIADB.folder().toString(),
                        postgres.socketFolder().toString())
                .orFail();
    }

    @AfterAll
    static void stopServer() {
        postgres.stop(true);
        MARIADB.sql("", "DROP USER oc@localhost; DROP DATABASE IF EXISTS " + NAME);
    }

    @BeforeEach
    void makeApplication() throws IOException {
        cloud = new ThrowawayCloud(temporary.toRealPath());
        profile = temporary.resolve("cloud.yaml");
        MARIADB.sql("", "DROP DATABASE IF EXISTS " + NAME + "; CREATE DATABASE " + NAME);
        postgres.sql("postgres", "DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)");
        postgres.sql("postgres", "CREATE DATABASE " + NAME + " OWNER oc");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void anApplicationThatCannotUseItsRestoredDatabaseIsNamed(String engine) throws IOException {
        writeProfile(engine);
        sql(engine, "CREATE TABLE oc_appconfig (appid varchar(32))");
        if (engine.equals("postgresql")) {
            sql(engine, "ALTER TABLE oc_appconfig OWNER TO oc");
        }
        configure(engine, PASSWORD);
        byte[] stream = Installed.reader("--profile", profile.toString()).out();

        Installed.Answer good = restore(stream);
        assertThat(good.status()).as(good.err()).isZero();
        assertThat(good.err()).contains("restored " + database(engine)).doesNotContain("warning");

        configure(engine, "wrong-secret");
        if (engine.equals("sqlite")) {
            Programs.run("chown", "root", database(engine)).orFail();
            Programs.run("chmod", "600", database(engine)).orFail();
        }
        Installed.Answer bad = restore(stream);
        assertThat(bad.status()).as(bad.err()).isZero();
        assertThat(bad.err())
                .contains("warning: the database is restored, but the application cannot use it: ")
                .contains(engine.equals("sqlite") ? "the user " + ThrowawayCloud.USER : "the account oc: login refused")
                .doesNotContain("secret");
        assertThat(Installed.shell("$WRITER report --profile " + profile).text())
                .contains("warning: the database is restored, but the application cannot use it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void restoredFilesAreScannedAndThoseThatAreEncryptedAreFlagged(String engine) throws IOException {
        writeProfile(engine);
        sql(
                engine,
                "CREATE TABLE oc_storages (numeric_id int, id varchar(64));"
                        + " CREATE TABLE oc_filecache (storage int, path varchar(99), path_hash varchar(32), encrypted int);"
                        + " INSERT INTO oc_storages VALUES (1, 'home::alice'), (2, 'home::bob')");
        Path files = Files.createDirectories(cloud.data().resolve("alice/files/Photos"));
        for (String name : new String[] {"plain.txt", "secret.jpg", "Ünï.jpg"}) {
            Files.writeString(files.resolve(name), name.endsWith(".jpg") ? "HBEGIN:cipher:..." : "plain");
            for (int storage = 1; storage <= 2; storage++) {
                sql(
                        engine,
                        "INSERT INTO oc_filecache VALUES (" + storage + ", 'files/Photos/" + name
                                + "', md5('files/Photos/" + name + "'), 0)");
            }
        }
        Path link = files.resolve("link.jpg");
        Files.createSymbolicLink(link, files.resolve("secret.jpg"));
        cloud.own();

        Installed.Answer scanned = scan("alice/files/Photos");
        assertThat(scanned.status()).as(scanned.err()).isZero();
        assertThat(cloud.commands()).containsExactly("files:scan --path=/alice/files/Photos");
        assertThat(scanned.text())
                .contains("/alice/files/Photos: 2 encrypted files")
                .contains("keys are missing: restore " + cloud.data() + "/alice/files_encryption/keys/files/Photos")
                .contains("run this again with --encrypted");
        assertThat(flagged(engine)).isEmpty();

        Installed.Answer flagged = scan("--encrypted", files.toString());
        assertThat(flagged.status()).as(flagged.err()).isZero();
        assertThat(flagged.text()).contains("the flag encrypted is set of 2 of them");
        assertThat(flagged(engine)).isEqualTo("files/Photos/secret.jpg\nfiles/Photos/Ünï.jpg");

        refused("no file ", "alice/files/none");
        refused("is not below the files of a user", "alice/cache");
        refused("is not below the files of a user", "/etc/passwd");
        refused("is not below the files of a user", "alice/files/../../../config");
        refused("is a symbolic link", link.toString());
        cloud.trouble("fail", "files:scan");
        Installed.Answer failed = scan("alice/files");
        assertThat(failed.status()).isEqualTo(ExitCode.HOOK.code());
        assertThat(failed.err()).contains("disk full", "hint: run it yourself, as the user " + ThrowawayCloud.USER);
    }

    private void refused(String message, String path) {
        Installed.Answer answer = scan(path);
        assertThat(answer.status()).isEqualTo(ExitCode.USAGE.code());
        assertThat(answer.err()).contains(message, "hint: ");
    }

    private Installed.Answer scan(String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = "scan-files";
        all[1] = "--profile";
        all[2] = profile.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return Installed.writer(new byte[0], all);
    }

    private String flagged(String engine) {
        return sql(engine, "SELECT path FROM oc_filecache WHERE encrypted = 1 AND storage = 1 ORDER BY path_hash DESC")
                .strip()
                .lines()
                .sorted()
                .reduce((a, b) -> a + "\n" + b)
                .orElse("");
    }

    private Installed.Answer restore(byte[] stream) {
        return Installed.writer(stream, "--profile", profile.toString(), "--no-keep");
    }

    private void configure(String engine, String password) {
        String settings =
                switch (engine) {
                    case "mariadb" -> "'dbtype' => 'mysql', 'dbhost' => 'localhost:" + MARIADB.socket() + "'";
                    case "postgresql" -> "'dbtype' => 'pgsql', 'dbhost' => '" + postgres.socketFolder() + "'";
                    default -> "'dbtype' => 'sqlite3'";
                };
        String name = engine.equals("sqlite") ? "cloud" : NAME;
        cloud.configure(settings + ", 'dbname' => '" + name + "', 'dbuser' => 'oc', 'dbpassword' => '"
                + password.replace("\\", "\\\\").replace("'", "\\'") + "'");
    }

    private String database(String engine) {
        return engine.equals("sqlite") ? cloud.data().resolve("cloud.db").toString() : NAME;
    }

    private String sql(String engine, String sql) {
        return switch (engine) {
            case "mariadb" -> MARIADB.sql(NAME, sql);
            case "postgresql" -> postgres.sql(NAME, sql);
            default ->
                Programs.run("sqlite3", database(engine), withoutMd5(sql)).orFail();
        };
    }

    /** SQLite has no such function. */
    private static String withoutMd5(String sql) {
        Matcher call = Pattern.compile("md5\\('([^']*)'\\)").matcher(sql);
        return call.replaceAll(found -> {
            String sum = Programs.run("sh", "-c", "printf %s \"$1\" | md5sum", "sh", found.group(1))
                    .orFail();
            return "'" + sum.substring(0, 32) + "'";
        });
    }

    private void writeProfile(String engine) throws IOException {
        String connection =
                switch (engine) {
                    case "mariadb" -> "connection: {socket: " + MARIADB.socket() + ", user: root}\n";
                    case "postgresql" ->
                        "connection: {socket: " + postgres.socketFolder() + ", user: postgres, clients: "
                                + postgres.programs() + "}\n";
                    default -> "";
                };
        Files.writeString(
                profile,
                "engine: " + engine + "\ndatabase: " + database(engine) + "\n" + connection
                        + cloud.section("  tablePrefix: oc_\n"));
        Programs.run("chmod", "go-w", profile.toString()).orFail();
    }
}
