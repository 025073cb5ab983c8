package io.github.bpipe.writer.drill;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.writer.drill.ServerPrograms.MariaDb;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A MariaDB server for one drill. Its scheduler is off: an event of the restored database must not fire. */
final class MariaDbDrillServer extends DrillServer {
    /** System tables, redo log and undo logs. */
    private static final long OWN_BYTES = 150_000_000;

    private MariaDb programs;

    MariaDbDrillServer(DrillSettings settings) throws IOException {
        super(settings, List.of("mysql", "nobody"));
    }

    @Override
    long ownBytes() {
        return OWN_BYTES;
    }

    @Override
    public void find(String dumped) throws IOException {
        programs = MariaDb.find(settings().programs());
    }

    @Override
    Command install(Path home) {
        return Command.of(programs.install().toString())
                .with(common(home))
                .with(List.of("--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve"));
    }

    @Override
    Command server(Path home) {
        return new Command(programs.server().toString(), List.of(), Map.of("LC_ALL", "C"))
                .with(common(home))
                .with(List.of(
                        "--socket=" + socket(home),
                        "--pid-file=" + home.resolve("pid"),
                        "--tmpdir=" + home,
                        "--secure-file-priv=" + home,
                        "--skip-networking",
                        "--loose-skip-ssl",
                        "--skip-log-bin",
                        "--event-scheduler=OFF",
                        "--max-allowed-packet=1G",
                        "--innodb-buffer-pool-size=128M"));
    }

    /** What both need to know; nothing waits for the disk, which takes most of the time otherwise. */
    private static List<String> common(Path home) {
        return List.of(
                "--no-defaults",
                "--datadir=" + data(home),
                "--innodb-log-file-size=64M",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0",
                "--innodb-flush-method=nosync",
                "--loose-debug-no-sync");
    }

    @Override
    Path socket(Path home) {
        return home.resolve("s");
    }

    @Override
    String deadlySignal() {
        return "KILL";
    }

    @Override
    String askVersion() throws IOException {
        try (SqlSession session = new MariaDbClients(Engine.MARIADB, connection()).session(null)) {
            return session.value("SELECT VERSION()");
        }
    }

    @Override
    public String describe() {
        return "a throwaway MariaDB " + version();
    }

    @Override
    Connection connection() {
        return new Connection(
                null,
                null,
                socket(home()),
                "root",
                optionFile(),
                null,
                settings().clients());
    }
}
