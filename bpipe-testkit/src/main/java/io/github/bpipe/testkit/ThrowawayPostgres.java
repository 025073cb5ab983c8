package io.github.bpipe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A PostgreSQL server in a temporary folder, on a unix socket only; the superuser {@code postgres} is trusted.
 *
 * <p>The server refuses to run as root: then it runs as the system's user {@code postgres}. {@link #shared} is one for
 * the whole JVM: a test makes databases of names of its own and drops them.
 */
public final class ThrowawayPostgres {
    private static ThrowawayPostgres shared;

    private final Path folder;
    private final Path programs = Programs.postgresqlFolder();
    private final ServerProcess server;

    private ThrowawayPostgres(Path folder, Path serverPrograms, List<String> settings) {
        this.folder = folder;
        if (Programs.root()) {
            Programs.run("chown", "postgres:", folder.toString()).orFail();
        }
        Path data = folder.resolve("data");
        Programs.run(
                        asServerUser(List.of(
                                serverPrograms.resolve("initdb").toString(),
                                "-D",
                                data.toString(),
                                "-U",
                                "postgres",
                                "-A",
                                "trust",
                                "-E",
                                "UTF8",
                                "--locale=C.UTF-8",
                                "--no-sync")),
                        Map.of(),
                        new byte[0])
                .orFail();
        List<String> command = new ArrayList<>(List.of(
                serverPrograms.resolve("postgres").toString(),
                "-D",
                data.toString(),
                "-k",
                folder.toString(),
                "-c",
                "listen_addresses=",
                "-c",
                "fsync=off",
                "-c",
                "max_locks_per_transaction=1024",
                // below the folder, so that a server that is killed leaves nothing elsewhere
                "-c",
                "dynamic_shared_memory_type=mmap"));
        settings.forEach(setting -> command.addAll(List.of("-c", setting)));
        this.server = new ServerProcess(folder, asServerUser(command));
        start();
    }

    /** The one that the tests of a JVM share. */
    public static synchronized ThrowawayPostgres shared() {
        if (shared == null) {
            shared = startWith(List.of());
        }
        return shared;
    }

    /** A server of one's own, with settings ({@code name=value}) on top of the usual ones. */
    public static ThrowawayPostgres startWith(List<String> settings) {
        return new ThrowawayPostgres(ServerProcess.newFolder("p"), Programs.postgresqlFolder(), settings);
    }

    /** A server of another version, whose programs stand in that folder; the clients are the installed ones. */
    public static ThrowawayPostgres startFrom(Path serverPrograms) {
        return new ThrowawayPostgres(ServerProcess.newFolder("p"), serverPrograms, List.of());
    }

    /** A server of one's own on a small disk. */
    public static ThrowawayPostgres startOn(SmallDisk disk) {
        return new ThrowawayPostgres(
                disk.folder(), Programs.postgresqlFolder(), List.of("max_wal_size=32MB", "min_wal_size=32MB"));
    }

    /**
     * A server of one's own that asks everybody for a password (SCRAM), but for the superuser {@code postgres} and for the
     * role {@code peered}, which belongs to the operating-system user that the server runs as (peer).
     */
    public static ThrowawayPostgres startWithPasswords() {
        ThrowawayPostgres server = startWith(List.of());
        Path rules = server.folder.resolve("data/pg_hba.conf");
        try {
            Files.writeString(
                    rules, "local all postgres trust\nlocal all peered peer map=server\nlocal all all scram-sha-256\n");
            Files.writeString(server.folder.resolve("data/pg_ident.conf"), "server " + serverUser() + " peered\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.sql("postgres", "SELECT pg_reload_conf()");
        return server;
    }

    /** Starts it again after {@link #stop}. */
    public void start() {
        server.start(() -> psql("postgres", "SELECT 1").status() == 0);
    }

    /** Waits until it takes connections again, after a fault; where that has ended it, it is started. */
    public void revive() {
        server.revive(() -> psql("postgres", "SELECT 1").status() == 0);
    }

    /** Ends the server; with SIGKILL when {@code hard}. */
    public void stop(boolean hard) {
        server.stop(hard);
    }

    /** Folder of the unix socket: what {@code psql -h} takes. */
    public Path socketFolder() {
        return folder;
    }

    /** Folder of the server's own programs, psql and pg_dump among them. */
    public Path programs() {
        return programs;
    }

    public long pid() {
        return server.pid();
    }

    /** Runs SQL in a database and returns what it prints, unaligned; fails the test on an error. */
    public String sql(String database, String sql) {
        return psql(database, sql).orFail();
    }

    /** Runs SQL as {@code psql -X -q -A -t -v ON_ERROR_STOP=1} does. */
    public Programs.Answer psql(String database, String sql) {
        return psql(database, sql.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #psql(String, String)}, for scripts of any bytes. */
    public Programs.Answer psql(String database, byte[] sql) {
        List<String> command = List.of(
                programs.resolve("psql").toString(),
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-h",
                folder.toString(),
                "-U",
                "postgres",
                "-d",
                // a bare name with = in it would be taken for a connection string
                "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'");
        return Programs.run(command, Map.of(), sql);
    }

    /** The operating-system user that the server runs as. */
    public static String serverUser() {
        return Programs.root() ? "postgres" : System.getProperty("user.name");
    }

    private static List<String> asServerUser(List<String> command) {
        if (!Programs.root()) {
            return command;
        }
        List<String> wrapped =
                new ArrayList<>(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"));
        wrapped.addAll(command);
        return wrapped;
    }
}
