package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.config.generate.Dialect;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.AwkwardMariaDb;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.BareosFileDaemon;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SqliteFingerprint;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The installed programs, run by a double of Bareos' file daemon from the generated text, for every version of it. */
@Timeout(420)
class BareosDoubleIT {
    private static final String DATABASE = "double maria";
    private static final int JOB_IN_ENVIRONMENT = 25;
    /** The first version, and those that tell their programs more than the one before. */
    private static final Set<Integer> MARKED = Set.of(20, JOB_IN_ENVIRONMENT, 26);

    @TempDir
    private static Path folder;

    private static ThrowawayMariaDb mariaDb;
    private static Path sqlite;

    @BeforeAll
    static void makeApplication() throws IOException {
        mariaDb = ThrowawayMariaDb.shared();
        AwkwardMariaDb.create(mariaDb, DATABASE);
        sqlite = Files.createDirectory(folder.resolve("live")).resolve("app.db");
        AwkwardSqlite.create(sqlite);
        // a space, so that the daemon's quotes are needed
        Files.createDirectory(folder.resolve("pro files"));
        profile("maria", "mariadb", DATABASE, "connection: {socket: " + mariaDb.socket() + ", user: root}\n");
        Path hook = folder.resolve("hook");
        Installed.script(hook, "echo $1 $BPIPE_OUTCOME");
        profile("sqlite", "sqlite", sqlite.toString(), "hooks: {postRestore: [{command: [" + hook + ", outcome]}]}\n");
    }

    @AfterAll
    static void drop() {
        mariaDb.sql("", "DROP DATABASE `" + DATABASE + "`");
    }

    static IntStream versions() {
        return IntStream.rangeClosed(15, 40).filter(BareosDoubleIT::isKnown);
    }

    static IntStream marked() {
        return versions().filter(MARKED::contains);
    }

    static IntStream between() {
        return versions().filter(version -> !MARKED.contains(version));
    }

    /** Those with which something changes. */
    @ParameterizedTest
    @MethodSource("marked")
    void whatIsGeneratedSavesRestoresAndLeavesAloneWhatItMust(int version) throws IOException {
        saveAndRestore(version);
    }

    @ParameterizedTest
    @MethodSource("between")
    @Tag("nightly")
    void soItDoesForTheVersionsBetween(int version) throws IOException {
        saveAndRestore(version);
    }

    private void saveAndRestore(int version) throws IOException {
        BareosFileDaemon daemon = daemon(version);
        Map<String, String> files = generate(version, "shop", profiles(version));
        Map<String, Object> saved = contents(version);
        BareosFileDaemon.Job backup =
                daemon.backup(101, files.get("fileset/shop.conf"), files.get("job/shop-backup.conf"));
        assertThat(backup.good()).as(backup.log()).isTrue();
        assertThat(backup.log())
                .contains("bpipe-reader sqlite: " + sqlite + " can be dumped", "bpipe-reader sqlite: dumped ");
        assertThat(backup.saved()).hasSize(profiles(version).length);
        byte[] stream = backup.saved().get("/bpipe/sqlite.sqlite.zst").data();
        String header = new String(stream, StandardCharsets.ISO_8859_1);
        assertThat(header.contains("\"id\":\"101\"")).isEqualTo(version >= JOB_IN_ENVIRONMENT);

        change(version);
        Map<String, Object> changed = contents(version);
        BareosFileDaemon.Job copy =
                daemon.restore(102, files.get("job/shop-restore-copy.conf"), backup.saved(), null, 'a');
        assertThat(copy.good()).as(copy.log()).isTrue();
        assertThat(copy.log()).contains("bpipe-writer sqlite: read ", "no database was touched; the stream is in");
        assertThat(contents(version)).as("after a restore elsewhere").isEqualTo(changed);
        Path elsewhere = folder.resolve("elsewhere/shop");
        assertThat(elsewhere.resolve("app.db.zst")).hasBinaryContent(stream);
        if (MARKED.contains(version)) {
            assertThat(elsewhere.resolve(DATABASE + ".sql.zst"))
                    .hasBinaryContent(backup.saved().get("/bpipe/maria.sql.zst").data());
        }
        Programs.run("rm", "-r", elsewhere.toString()).orFail();

        String live = files.get("job/shop-restore.conf");
        BareosFileDaemon.Job asked = daemon.restore(106, live, backup.saved(), folder + "/asked", 'a');
        assertThat(asked.good()).as(asked.log()).isTrue();
        assertThat(asked.log()).contains("ClientAfterJob: outcome elsewhere");
        assertThat(contents(version))
                .as("after a restore elsewhere by the live job")
                .isEqualTo(changed);
        Programs.run("rm", "-r", folder + "/asked").orFail();

        BareosFileDaemon.Job never = daemon.restore(103, live, backup.saved(), null, 'n');
        assertThat(never.good()).as(never.log()).isFalse();
        assertThat(never.log())
                .contains(": FAILED: ", "outcome failed", String.valueOf((1 << 28) + ExitCode.TARGET.code()));
        assertThat(contents(version))
                .as("after a restore that must not replace")
                .isEqualTo(changed);

        BareosFileDaemon.Job cut = daemon.restore(104, live, halved(backup.saved()), null, 'a');
        assertThat(cut.good()).as(cut.log()).isFalse();
        assertThat(cut.log()).contains(": cut off, as by a cancelled job", "outcome failed");
        assertThat(contents(version)).as("after a restore that was cancelled").isEqualTo(changed);

        BareosFileDaemon.Job restore = daemon.restore(105, live, backup.saved(), null, 'a');
        assertThat(restore.good()).as(restore.log()).isTrue();
        assertThat(restore.log()).contains("restored " + sqlite + ", not usable for", "outcome restored");
        assertThat(contents(version)).isEqualTo(saved);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void aReaderThatFailsFailsTheJobWithANumberThatIsExplained(int version) throws IOException {
        Path profile = profile("none", "sqlite", folder.resolve("none.db").toString(), "");
        String fileSet = generate(version, "none", profile).get("fileset/none.conf");
        BareosFileDaemon.Job failed = daemon(version).backup(1, fileSet, "");
        assertThat(failed.good()).isFalse();
        int number = (1 << 28) + ExitCode.NO_DATABASE.code();
        assertThat(failed.log()).contains("/bpipe/none.sqlite.zst: " + number);
        assertThat(Installed.reader("explain", String.valueOf(number)).text())
                .contains("exit code " + ExitCode.NO_DATABASE.code() + ": ");
        String job = generate(version, "none", profile).get("job/none-backup.conf");
        BareosFileDaemon.Job refused = daemon(version).backup(2, fileSet, job);
        assertThat(refused.good()).isFalse();
        assertThat(refused.log())
                .contains("ClientBeforeJob: bpipe-reader: error: ", "bpipe-reader none: the check failed: ")
                .doesNotContain("Error closing stream");
    }

    @Test
    void aCancelledBackupEndsAndItsReportSaysSo() throws IOException {
        Path big = folder.resolve("live/big.db");
        AwkwardSqlite.sql(
                big,
                "CREATE TABLE noise (i INTEGER PRIMARY KEY, a BLOB)",
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 30000) INSERT INTO noise"
                        + " SELECT x, randomblob(1000) FROM c");
        Path profile = profile("big", "sqlite", big.toString(), "");
        Map<String, String> files = generate(26, "big", profile);
        BareosFileDaemon.Job cancelled =
                daemon(26).backup(1, files.get("fileset/big.conf"), files.get("job/big-backup.conf"), 1_000_000);
        assertThat(cancelled.good()).isFalse();
        assertThat(cancelled.log())
                .contains("bpipe-reader big: cut off, as by a cancelled job: ", "Broken pipe")
                .contains(String.valueOf((1 << 28) + ExitCode.OUTPUT.code()));
        Files.delete(big);
    }

    private static BareosFileDaemon daemon(int version) {
        return new BareosFileDaemon(
                version,
                folder.resolve("stderr"),
                Map.of(RunFolder.VARIABLE, folder.resolve("state-" + version).toString()));
    }

    private static Map<String, BareosFileDaemon.Saved> halved(Map<String, BareosFileDaemon.Saved> saved) {
        Map<String, BareosFileDaemon.Saved> halves = new LinkedHashMap<>();
        saved.forEach((name, stream) -> halves.put(
                name,
                new BareosFileDaemon.Saved(
                        stream.definition(), Arrays.copyOf(stream.data(), stream.data().length / 2))));
        return halves;
    }

    private static Map<String, Object> contents(int version) throws IOException {
        return Map.of(
                "maria", MARKED.contains(version) ? MariaDbFingerprint.of(mariaDb, DATABASE) : "",
                "databases", mariaDb.sql("", "SHOW DATABASES"),
                "sqlite", List.copyOf(SqliteFingerprint.of(sqlite)),
                "files", Programs.run("ls", "-A", sqlite.getParent().toString()).orFail());
    }

    private static void change(int version) {
        if (MARKED.contains(version)) {
            mariaDb.sql(DATABASE, "CREATE TABLE wrong (i int)");
        }
        Programs.run("sqlite3", sqlite.toString(), "CREATE TABLE wrong (i int)").orFail();
    }

    /** Always a file; the server, which takes its time, where a version differs from the one before. */
    private static Path[] profiles(int version) {
        Path file = folder.resolve("pro files/sqlite.yaml");
        return MARKED.contains(version) ? new Path[] {file, folder.resolve("pro files/maria.yaml")} : new Path[] {file};
    }

    private static Path profile(String name, String engine, String database, String more) throws IOException {
        return Files.writeString(
                folder.resolve("pro files/" + name + ".yaml"),
                """
                engine: %s
                database: %s
                restore: {keepPrevious: false}
                bareos: {programs: %s, where: %s/elsewhere}
                """.formatted(engine, database, Installed.READER.getParent(), folder) + more);
    }

    /** The text of the director's files, by their path below its folder. */
    private static Map<String, String> generate(int version, String name, Path... profiles) throws IOException {
        Path output = folder.resolve("etc-" + version + "-" + name);
        Installed.generate(output, name, "double-fd", "--bareos=" + version, profiles);
        Map<String, String> texts = new LinkedHashMap<>();
        Path director = output.resolve("bareos-dir.d");
        for (Path file : Installed.files(director)) {
            texts.put(director.relativize(file).toString(), Files.readString(file));
        }
        return texts;
    }

    private static boolean isKnown(int version) {
        try {
            return Dialect.bareos(String.valueOf(version)).bareosVersion() == version;
        } catch (Failure e) {
            return false;
        }
    }
}
