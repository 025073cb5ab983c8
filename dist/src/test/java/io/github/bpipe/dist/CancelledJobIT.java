package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.RealDaemon;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Jobs that a person cancels on real daemons, in the middle of a dump and of a restore. The middle is where the storage
 * daemon waits for a volume that does not come, and everything before it in the pipe is full, or empty, for as long.
 */
@Timeout(420)
class CancelledJobIT {
    private enum Engine {
        MARIADB,
        POSTGRESQL,
        SQLITE
    }

    private static final String DATABASE = "cancelled";

    @TempDir
    private static Path folder;

    private static RealDaemon daemon;
    private static ThrowawayMariaDb mariaDb;
    private static ThrowawayPostgres postgres;
    private static Path sqlite;
    private static Path gate;

    /** Streams of tens of megabytes that no compression makes smaller than a volume and all buffers on the way. */
    @BeforeAll
    static void makeDatabases() throws IOException {
        mariaDb = ThrowawayMariaDb.shared();
        postgres = ThrowawayPostgres.shared();
        daemon = RealDaemon.start();
        mariaDb.sql("", "CREATE DATABASE " + DATABASE);
        mariaDb.sql(
                DATABASE,
                "CREATE TABLE noise (id int PRIMARY KEY, a blob);"
                        + " INSERT INTO noise SELECT seq, RANDOM_BYTES(1000) FROM seq_1_to_30000");
        postgres.sql("postgres", "CREATE DATABASE " + DATABASE);
        postgres.sql(
                DATABASE,
                "CREATE TABLE noise AS SELECT i, (SELECT string_agg(md5(random()::text || i || j), '') FROM"
                        + " generate_series(1, 40) j) AS a FROM generate_series(1, 30000) i");
        sqlite = Files.createDirectory(folder.resolve("live")).resolve("app.db");
        AwkwardSqlite.sql(
                sqlite,
                "CREATE TABLE noise (i INTEGER PRIMARY KEY, a BLOB)",
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 60000) INSERT INTO noise"
                        + " SELECT x, randomblob(1000) FROM c");
        for (Path program : List.of(Installed.READER, Installed.WRITER)) {
            Installed.script(
                    folder.resolve(program.getFileName()),
                    RunFolder.VARIABLE + "=" + folder + "/state exec " + program + " \"$@\"");
        }
        StringBuilder resources = new StringBuilder();
        for (Engine engine : Engine.values()) {
            for (boolean full : new boolean[] {true, false}) {
                resources.append(application(engine, full));
            }
        }
        daemon.configure(resources + silentApplication());
    }

    @AfterAll
    static void stop() {
        daemon.close();
        mariaDb.sql("", "DROP DATABASE " + DATABASE);
        postgres.sql("postgres", "DROP DATABASE " + DATABASE);
    }

    @ParameterizedTest
    @EnumSource
    void aBackupThatIsCancelledLeavesNoProcessAndSaysSo(Engine engine) throws IOException {
        String before = state(engine);
        String name = name(engine, true);
        long id = daemon.begin("run job=" + name + "-backup level=Full yes");
        daemon.awaitLog(id, "Cannot find any appendable volumes");
        assertThat(daemon.programs()).as("a dump in the middle").isNotEmpty();

        daemon.cancel(id);
        RealDaemon.Job job = daemon.awaitNothingLeft(id);
        assertThat(job.status()).as(job.log()).isEqualTo('A');
        assertThat(state(engine)).isEqualTo(before);
        Installed.Answer report = report(Installed.READER, name, id);
        assertThat(report.text())
                .startsWith("bpipe-reader " + name + ": cut off, as by a cancelled job: ")
                .contains("Broken pipe");
        assertThat(report.status()).isEqualTo(ExitCode.OUTPUT.code());
    }

    @ParameterizedTest
    @EnumSource
    void aRestoreThatIsCancelledLeavesTheDatabaseAndNoProcessAndSaysSo(Engine engine) throws IOException {
        String before = state(engine);
        String name = name(engine, false);
        RealDaemon.Job backup = daemon.run("run job=" + name + "-backup level=Full yes");
        assertThat(backup.status()).as(backup.log()).isEqualTo('T');
        for (Path volume : volumes(name).stream().skip(1).toList()) {
            Files.move(volume, folder.resolve(volume.getFileName()));
        }
        long id = daemon.begin("restore client=" + RealDaemon.CLIENT + " fileset=" + name + " select current all done"
                + " yes restorejob=" + name + "-restore");
        daemon.awaitLog(id, "Please mount read Volume");
        assertThat(daemon.programs()).as("a restore in the middle").isNotEmpty();

        daemon.cancel(id);
        RealDaemon.Job job = daemon.awaitNothingLeft(id);
        assertThat(job.status()).as(job.log()).isEqualTo('A');
        assertThat(state(engine)).isEqualTo(before);
        Installed.Answer report = report(Installed.WRITER, name, id);
        assertThat(report.text()).startsWith("bpipe-writer " + name + ": cut off, as by a cancelled job: ");
        assertThat(report.status()).isEqualTo(ExitCode.TRUNCATED_STREAM.code());
    }

    /** Here the plugin is waiting for the reader, and looks at its stderr before it ends it. */
    @Test
    void aDumpThatIsSilentWhileItIsCancelledEndsWithItsNextBytes() throws IOException {
        String before = state(Engine.MARIADB);
        long id = daemon.begin("run job=silent-backup level=Full yes");
        try (OutputStream opened = Files.newOutputStream(gate)) {
            // the dump has come to the gate
            daemon.cancel(id);
            opened.write('\n');
        }
        RealDaemon.Job job = daemon.awaitNothingLeft(id);
        assertThat(job.status()).as(job.log()).isEqualTo('A');
        assertThat(state(Engine.MARIADB)).isEqualTo(before);
        assertThat(report(Installed.READER, "silent", id).text())
                .startsWith("bpipe-reader silent: cut off, as by a cancelled job: ");
    }

    /** A dump that says nothing between its beginning and the opening of a gate. */
    private static String silentApplication() throws IOException {
        gate = folder.resolve("gate");
        Programs.run("mkfifo", gate.toString()).orFail();
        Path clients = Files.createDirectory(folder.resolve("clients"));
        String dump = Programs.find("mariadb-dump", "mariadb-client");
        Installed.script(clients.resolve("mariadb-dump"), """
                case "$*" in
                *"-- %1$s"*) %2$s "$@" | { head -c 3000000; cat %3$s >/dev/null; cat; } ;;
                *) exec %2$s "$@" ;;
                esac""".formatted(DATABASE, dump, gate));
        Installed.script(clients.resolve("mariadb"), "exec " + Programs.find("mariadb", "mariadb-client") + " \"$@\"");
        Path profile = Files.writeString(
                folder.resolve("silent.yaml"), """
                engine: mariadb
                database: %s
                connection: {socket: %s, user: root, clients: %s}
                bareos: {programs: %s}
                """.formatted(DATABASE, mariaDb.socket(), clients, folder));
        return Installed.generateForBacula(folder.resolve("etc-silent"), "silent", profile);
    }

    private static String name(Engine engine, boolean full) {
        return (full ? "full-" : "cut-") + engine.name().toLowerCase(Locale.ROOT);
    }

    /** An application with a pool of its own, of a single small volume or of many. */
    private static String application(Engine engine, boolean full) throws IOException {
        String name = name(engine, full);
        String source =
                switch (engine) {
                    case MARIADB -> """
                            engine: mariadb
                            database: %s
                            connection: {socket: %s, user: root}
                            """.formatted(DATABASE, mariaDb.socket());
                    case POSTGRESQL -> """
                            engine: postgresql
                            database: %s
                            connection: {socket: %s, user: postgres, clients: %s}
                            """.formatted(DATABASE, postgres.socketFolder(), postgres.programs());
                    case SQLITE -> "engine: sqlite\ndatabase: " + sqlite + "\n";
                };
        Path profile = Files.writeString(
                folder.resolve(name + ".yaml"),
                source + "bareos: {programs: %1$s, where: %1$s/elsewhere, pool: %2$s}%n".formatted(folder, name));
        return Installed.generateForBacula(folder.resolve("etc-" + name), name, profile)
                + """
                Pool {
                  Name = %1$s; Pool Type = Backup; Label Format = "%1$s-"; Maximum Volume Bytes = 6000000
                  Maximum Volumes = %2$d; Recycle = no; Auto Prune = no
                }
                """.formatted(name, full ? 1 : 30);
    }

    private static List<Path> volumes(String pool) throws IOException {
        try (Stream<Path> files = Files.list(daemon.folder().resolve("volumes"))) {
            return files.filter(file -> file.getFileName().toString().startsWith(pool + "-"))
                    .sorted()
                    .toList();
        }
    }

    private static Installed.Answer report(Path program, String profile, long job) {
        return Installed.run(
                program,
                new byte[0],
                Map.of(RunFolder.VARIABLE, folder + "/state"),
                "report",
                "--profile=" + folder + "/" + profile + ".yaml",
                "--job=" + job);
    }

    /** The live database, and what stands beside it. */
    private static String state(Engine engine) throws IOException {
        return switch (engine) {
            case MARIADB -> mariaDb.sql("", "CHECKSUM TABLE " + DATABASE + ".noise; SHOW DATABASES");
            case POSTGRESQL ->
                postgres.sql(
                        DATABASE,
                        "SELECT oid, datname FROM pg_database ORDER BY 1;"
                                + " SELECT md5(string_agg(a, '' ORDER BY i)) FROM noise");
            case SQLITE ->
                Installed.shell("cd " + sqlite.getParent() + "; ls -A; sha256sum *")
                        .text();
        };
    }
}
