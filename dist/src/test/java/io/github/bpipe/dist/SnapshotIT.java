package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.AwkwardTree;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.SmallDisk;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Before an upgrade: a snapshot of files and database, and the way back, with the installed programs. */
@Timeout(180)
class SnapshotIT {
    private static final String NAME = "snapshot_it";
    /** What the profile leaves out, and what a restore leaves beside a SQLite database. */
    private static final String[] SAVED = {
        "!", "-name", "*.db*", "!", "-name", "cloud.log", "!", "-path", "./alice/cache*"
    };

    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    @TempDir
    private Path temporary;

    private Path folder;
    private Path data;
    private Path snapshot;
    private Path profile;

    @BeforeEach
    void makeApplication() throws IOException {
        folder = temporary.toRealPath();
        data = folder.resolve("data");
        snapshot = folder.resolve("before-upgrade");
        profile = folder.resolve("cloud.yaml");
        AwkwardTree.make(data);
    }

    @AfterEach
    void drop() {
        for (String suffix : new String[] {"", "__bpipe_old"}) {
            MARIADB.sql("", "DROP DATABASE IF EXISTS " + NAME + suffix);
            POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS " + NAME + suffix);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"mariadb", "postgresql", "sqlite"})
    void anUndoneUpgradeLeavesNothingBehind(String engine) throws IOException {
        makeDatabase(engine);
        writeProfile(engine);
        String before = AwkwardTree.fingerprint(data, SAVED);

        Installed.Answer made = snapshot();
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.err())
                .contains("bpipe-reader: snapshot " + snapshot + ": ", "and the database " + database(engine))
                .contains("pre-backup: /bin/echo ended with status 0", "post-backup: /bin/echo ended with status 0");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(snapshot)))
                .isEqualTo("rwx------");
        assertThat(AwkwardTree.fingerprint(snapshot.resolve("files" + data))).isEqualTo(before);
        assertThat(Programs.run("du", "-sm", snapshot.toString()).orFail()).startsWith("1\t");
        assertThat(leftovers()).isEmpty();

        AwkwardTree.change(data);
        Files.writeString(data.resolve("cloud.log"), "later\n", StandardOpenOption.APPEND);
        sql(engine, "UPDATE oc_t SET v = 'later'");
        assertThat(AwkwardTree.fingerprint(data, SAVED)).isNotEqualTo(before);

        Installed.Answer undone = undo();
        assertThat(undone.status()).as(undone.err()).isZero();
        assertThat(undone.err())
                .contains("restored " + database(engine))
                .contains("pre-restore: /bin/echo ended with status 0", "post-restore: /bin/echo ended with status 0");
        assertThat(AwkwardTree.fingerprint(data, SAVED)).isEqualTo(before);
        assertThat(sql(engine, "SELECT v FROM oc_t").strip()).isEqualTo("backup");
        assertThat(data.resolve("cloud.log")).hasContent("log\nlater\n");
        assertThat(data.resolve("alice/cache/c")).exists();
        assertThat(report("$WRITER")).contains("restored " + database(engine)).contains("  post-restore: /bin/echo");
    }

    @Test
    void aSnapshotThatIsNotWholeIsRefusedBeforeAnythingIsTouched() throws IOException {
        makeDatabase("sqlite");
        writeProfile("sqlite");
        assertThat(snapshot().status()).isZero();
        AwkwardTree.change(data);
        String live = AwkwardTree.fingerprint(data);
        Path files = snapshot.resolve("files" + data + "/alice/files");
        Path manifest = snapshot.resolve("manifest.jsonl");
        Path stream = snapshot.resolve("database.zst");

        refusedWhile("printf X | dd conv=notrunc of='F' status=none; touch -r nothing 'F'", files.resolve("first"));
        refusedWhile("chmod 0755 'F'", files.resolve("first"));
        refusedWhile("echo more > 'F'/added", files.resolve("empty"));
        refusedWhile("rm -r 'F'", files.resolve("cache"));
        refusedWhile("ln -sfn /etc/shadow 'F'", files.resolve("outside"));
        refusedWhile("sed -i '$d' 'F'", manifest);
        refusedWhile("sed -i '3d' 'F'", manifest);
        refusedWhile("truncate -s -1 'F'", stream);
        assertThat(AwkwardTree.fingerprint(data)).isEqualTo(live);
        assertThat(undo().status()).isZero();
    }

    private void refusedWhile(String damage, Path file) throws IOException {
        Path good = folder.resolve("good");
        Programs.run("cp", "-a", snapshot.toString(), good.toString()).orFail();
        Installed.shell("cd '" + file.getParent() + "'; " + damage.replace("F", file.toString()));
        Installed.Answer refused = undo();
        assertThat(refused.status())
                .as(damage + " " + refused.err())
                .isIn(ExitCode.SNAPSHOT.code(), ExitCode.TRUNCATED_STREAM.code(), ExitCode.DAMAGED_STREAM.code());
        assertThat(refused.err()).contains("hint: ").doesNotContain("half");
        Programs.run("rm", "-r", snapshot.toString()).orFail();
        Files.move(good, snapshot);
    }

    @Test
    void whereNoSnapshotCanBeMadeIsSaidBeforeAnyHookRuns() throws IOException {
        makeDatabase("sqlite");
        writeProfile("sqlite");
        Files.createDirectory(snapshot);
        refused(snapshot, ExitCode.SNAPSHOT, snapshot + " exists");
        refused(data.resolve("alice/s"), ExitCode.SNAPSHOT, "is in " + data + ", which is saved itself");
        refused(folder.resolve("none/s"), ExitCode.SNAPSHOT, "no folder " + folder.resolve("none"));
        try (SmallDisk disk = SmallDisk.of(40 << 20)) {
            refused(disk.folder().resolve("s"), ExitCode.SPACE, "bytes, " + disk.folder() + " has ");
        }
        Path theirs = Files.createDirectory(folder.resolve("theirs"));
        Programs.run("chown", "www-data", theirs.toString()).orFail();
        refused(theirs.resolve("s"), ExitCode.USAGE, "belongs to www-data, who can change it");
        Files.createSymbolicLink(folder.resolve("link"), data);
        Files.writeString(profile, Files.readString(profile).replace("[" + data, "[" + folder.resolve("link/alice")));
        refused(folder.resolve("s"), ExitCode.USAGE, "a symbolic link leads to " + folder.resolve("link/alice"));
    }

    private void refused(Path target, ExitCode code, String message) {
        Installed.Answer answer = Installed.reader("snapshot", "--profile", profile.toString(), "--to", "" + target);
        assertThat(answer.err()).contains(message).contains("hint: ").doesNotContain("pre-backup");
        assertThat(answer.status()).isEqualTo(code.code());
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void whatChangesWhileItIsSavedMakesNoSnapshot() throws Exception {
        makeDatabase("sqlite");
        writeProfile("sqlite");
        String append = "echo ready; while echo later >> " + data.resolve("alice/files/first") + "; do :; done";
        Process application = new ProcessBuilder("sh", "-c", append).start();
        Installed.Answer made;
        try {
            assertThat(application.getInputStream().read()).isEqualTo('r');
            made = snapshot();
        } finally {
            application.destroyForcibly().waitFor();
        }
        assertThat(made.status()).isEqualTo(ExitCode.SNAPSHOT.code());
        assertThat(made.err())
                .contains("the snapshot is not whole: ", "/alice/files/first ", "hint: ", "a preBackup hook")
                .contains("post-backup: /bin/echo ended with status 0");
        assertThat(snapshot).doesNotExist();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void aKilledSnapshotIsNoneAndTheNextOneTidiesUp() throws Exception {
        makeDatabase("sqlite");
        writeProfile("sqlite");
        Path fifo = BackgroundRun.fifo(folder);
        String quiet = Files.readString(profile);
        Files.writeString(profile, quiet.replace("[/bin/echo, post]", "[/bin/cat, " + fifo + "]"));
        BackgroundRun run = new BackgroundRun("$READER snapshot --profile " + profile + " --to " + snapshot, folder);
        try (var writer = Files.newOutputStream(fifo)) {
            // everything is copied
            assertThat(leftovers()).isNotEmpty();
            run.signal("KILL");
            run.await();
        }
        assertThat(snapshot).doesNotExist();
        Files.writeString(profile, quiet);
        Installed.Answer made = snapshot();
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void anUndoThatWasKilledIsCompletedByTheSameAgain() throws Exception {
        makeDatabase("sqlite");
        writeProfile("sqlite");
        String before = AwkwardTree.fingerprint(data, SAVED);
        assertThat(snapshot().status()).isZero();
        AwkwardTree.change(data);
        sql("sqlite", "UPDATE oc_t SET v = 'later'");
        Path fifo = BackgroundRun.fifo(folder);
        // holds the database, so that the undo stands between files and database
        Process holder = new ProcessBuilder("sqlite3", database("sqlite"))
                .redirectInput(fifo.toFile())
                .start();
        try (var statements = Files.newOutputStream(fifo)) {
            statements.write("BEGIN IMMEDIATE; SELECT 1;\n".getBytes(StandardCharsets.US_ASCII));
            statements.flush();
            assertThat(holder.getInputStream().read()).isEqualTo('1');
            BackgroundRun run = new BackgroundRun("$WRITER undo --profile " + profile + " --from " + snapshot, folder);
            Path last = data.resolve("alice/files/second");
            await(() -> Files.exists(last) && Files.size(last) == "linked".length());
            run.signal("KILL");
            run.await();
        }
        holder.waitFor();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
        assertThat(Files.getOwner(data).getName()).isEqualTo("root");

        Installed.Answer again = undo();
        assertThat(again.status()).as(again.err()).isZero();
        assertThat(AwkwardTree.fingerprint(data, SAVED)).isEqualTo(before);
        assertThat(sql("sqlite", "SELECT v FROM oc_t").strip()).isEqualTo("backup");
        assertThat(snapshot.resolve("undo")).doesNotExist();
    }

    @Test
    void nothingIsFollowedOutOfTheFolderWhileItsOwnerExchangesNames() throws Exception {
        makeDatabase("sqlite");
        writeProfile("sqlite");
        assertThat(snapshot().status()).isZero();
        Path victim = Files.createDirectories(folder.resolve("victim/deep"));
        Files.writeString(victim.resolve("file"), "precious");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        AwkwardTree.change(data);
        Programs.run("chown", "-R", "www-data", data.toString()).orFail();
        Path files = data.resolve("alice/files");
        String exchange = "cd " + files + " && echo ready && while mv extra x; do ln -s " + victim.getParent()
                + " extra; rm extra; mv x extra; done";
        Process attacker = new ProcessBuilder(
                        "setpriv", "--reuid=www-data", "--regid=www-data", "--clear-groups", "sh", "-c", exchange)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertThat(attacker.getInputStream().read()).isEqualTo('r');
            Installed.Answer undone = undo();
            assertThat(undone.status()).as(undone.err()).isZero();
        } finally {
            attacker.destroyForcibly().waitFor();
        }
        assertThat(victim.resolve("file")).hasContent("precious");
        assertThat(Files.getOwner(victim).getName()).isEqualTo("root");
        assertThat(Files.exists(files.resolve("extra"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    private List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".before-upgrade"))
                    .toList();
        }
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    private static void await(Condition condition) throws Exception {
        Instant limit = Instant.now().plus(Duration.ofMinutes(1));
        while (!condition.holds()) {
            assertThat(Instant.now()).isBefore(limit);
            Thread.sleep(5);
        }
    }

    private Installed.Answer snapshot() {
        return Installed.reader("snapshot", "--profile", profile.toString(), "--to", snapshot.toString());
    }

    private Installed.Answer undo() {
        return Installed.writer(new byte[0], "undo", "--profile", profile.toString(), "--from", snapshot.toString());
    }

    private String report(String program) {
        return Installed.shell(program + " report --profile " + profile).text();
    }

    private String database(String engine) {
        return engine.equals("sqlite") ? data.resolve("cloud.db").toString() : NAME;
    }

    private void makeDatabase(String engine) {
        switch (engine) {
            case "mariadb" -> MARIADB.sql("", "CREATE DATABASE " + NAME);
            case "postgresql" -> POSTGRES.sql("postgres", "CREATE DATABASE " + NAME);
            default -> {}
        }
        sql(engine, "CREATE TABLE oc_t (v varchar(10) PRIMARY KEY); INSERT INTO oc_t VALUES ('backup')");
    }

    private String sql(String engine, String sql) {
        return switch (engine) {
            case "mariadb" -> MARIADB.sql(NAME, sql);
            case "postgresql" -> POSTGRES.sql(NAME, sql);
            default -> Programs.run("sqlite3", database(engine), sql).orFail();
        };
    }

    private void writeProfile(String engine) throws IOException {
        String connection =
                switch (engine) {
                    case "mariadb" -> "connection: {socket: " + MARIADB.socket() + ", user: root}\n";
                    case "postgresql" ->
                        "connection: {socket: " + POSTGRES.socketFolder() + ", user: postgres, clients: "
                                + POSTGRES.programs() + "}\n";
                    default -> "";
                };
        Files.writeString(
                profile,
                "engine: " + engine + "\ndatabase: " + database(engine) + "\n" + connection
                        + "files:\n  include: [" + data + "]\n  exclude: [" + data + "/cloud.log, '^" + data
                        + "/[^/]+/cache$']\n"
                        + "hooks:\n"
                        + "  preBackup: [{command: [/bin/echo, pre]}]\n"
                        + "  postBackup: [{command: [/bin/echo, post]}]\n"
                        + "  preRestore: [{command: [/bin/echo, pre]}]\n"
                        + "  postRestore: [{command: [/bin/echo, post]}]\n");
    }
}
