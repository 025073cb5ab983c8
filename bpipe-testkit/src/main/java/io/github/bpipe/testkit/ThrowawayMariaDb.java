package io.github.bpipe.testkit;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A MariaDB server in a temporary folder, on a unix socket only; the account {@code root} has no password.
 *
 * <p>{@link #shared} is one for the whole JVM: a test makes databases of names of its own and drops them.
 */
public final class ThrowawayMariaDb {
    private static ThrowawayMariaDb shared;

    private final Path folder;
    private final Path socket;
    private final ServerProcess server;

    private ThrowawayMariaDb(Path folder, Path installation, List<String> wrapper, List<String> options) {
        this.folder = folder;
        this.socket = folder.resolve("s");
        String user = System.getProperty("user.name");
        List<String> where = installation == null ? List.of() : List.of("--basedir=" + installation);
        List<String> install = new ArrayList<>(List.of(
                installation == null
                        ? Programs.find("mariadb-install-db", "mariadb-server")
                        : installation.resolve("scripts/mariadb-install-db").toString(),
                "--no-defaults",
                "--datadir=" + folder.resolve("data"),
                "--auth-root-authentication-method=normal",
                "--skip-test-db",
                "--skip-name-resolve",
                // else several at a time meet in the common one
                "--tmpdir=" + folder,
                "--user=" + user));
        install.addAll(where);
        Programs.run(install, Map.of(), new byte[0]).orFail();
        List<String> command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                installation == null
                        ? Programs.find("mariadbd", "mariadb-server")
                        : installation.resolve("bin/mariadbd").toString(),
                "--no-defaults"));
        command.addAll(where);
        command.addAll(List.of(
                "--user=" + user,
                "--datadir=" + folder.resolve("data"),
                "--socket=" + socket,
                "--pid-file=" + folder.resolve("pid"),
                "--tmpdir=" + folder,
                "--skip-networking",
                "--character-set-server=latin1",
                "--innodb-buffer-pool-size=128M",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-log-file-size=256M",
                "--max-allowed-packet=256M"));
        command.addAll(options);
        this.server = new ServerProcess(folder, command);
        start();
    }

    /** The one that the tests of a JVM share. */
    public static synchronized ThrowawayMariaDb shared() {
        if (shared == null) {
            shared = startWith(List.of());
        }
        return shared;
    }

    /** A server of one's own, with options on top of the usual ones. */
    public static ThrowawayMariaDb startWith(List<String> options) {
        return new ThrowawayMariaDb(ServerProcess.newFolder("m"), null, List.of(), options);
    }

    /** A server of another version, unpacked in that folder; its clients stand in {@code bin} below it. */
    public static ThrowawayMariaDb startFrom(Path installation) {
        // newer ones make keys for TLS at each start, which can take a minute
        return new ThrowawayMariaDb(ServerProcess.newFolder("m"), installation, List.of(), List.of("--skip-ssl"));
    }

    /** A server of one's own on a small disk. */
    public static ThrowawayMariaDb startOn(SmallDisk disk) {
        return new ThrowawayMariaDb(disk.folder(), null, List.of(), List.of("--innodb-log-file-size=8M"));
    }

    /** A server of one's own that seems to be on another machine, by the name of its host; needs root. */
    public static ThrowawayMariaDb startElsewhere(List<String> options) {
        return new ThrowawayMariaDb(
                ServerProcess.newFolder("m"),
                null,
                List.of("unshare", "--uts", "--", "sh", "-c", "hostname elsewhere && exec \"$@\"", "sh"),
                options);
    }

    /** Starts it again after {@link #stop}. */
    public void start() {
        server.start(() -> client("", "SELECT 1").status() == 0);
    }

    /** Waits until it takes connections again, after a fault; where that has ended it, it is started. */
    public void revive() {
        server.revive(() -> client("", "SELECT 1").status() == 0);
    }

    /** Ends the server; with SIGKILL when {@code hard}. */
    public void stop(boolean hard) {
        server.stop(hard);
    }

    public Path socket() {
        return socket;
    }

    /** The server's own folder; {@code data} below it holds the databases. */
    public Path folder() {
        return folder;
    }

    public long pid() {
        return server.pid();
    }

    /** Runs SQL in a database (or in none, where it is empty) and returns what it prints; fails the test on an error. */
    public String sql(String database, String sql) {
        return client(database, sql).orFail();
    }

    /** Runs SQL as {@code mariadb --batch --skip-column-names} does. */
    public Programs.Answer client(String database, String sql) {
        return client(database, sql.getBytes(StandardCharsets.UTF_8));
    }

    /** As {@link #client(String, String)}, for scripts of any bytes. */
    public Programs.Answer client(String database, byte[] sql) {
        List<String> command = new ArrayList<>(List.of(
                Programs.find("mariadb", "mariadb-client"),
                "--no-defaults",
                "--socket=" + socket,
                "--user=root",
                "--batch",
                "--skip-column-names",
                "--binary-mode",
                "--comments",
                "--default-character-set=utf8mb4",
                "--max-allowed-packet=1G"));
        if (!database.isEmpty()) {
            command.add("--database=" + database);
        }
        return Programs.run(command, Map.of(), sql);
    }
}
