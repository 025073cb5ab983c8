package io.github.bpipe.writer.drill;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.writer.drill.ServerPrograms.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A PostgreSQL server for one drill, of the version that fits the dump best. */
final class PostgresDrillServer extends DrillServer {
    /** System databases and write-ahead log. */
    private static final long OWN_BYTES = 200_000_000;

    private static final String SUPERUSER = "postgres";
    private static final int PORT = 5432;

    private Postgres programs;

    PostgresDrillServer(DrillSettings settings) throws IOException {
        super(settings, List.of("postgres", "nobody"));
    }

    @Override
    long ownBytes() {
        return OWN_BYTES;
    }

    @Override
    public void find(String dumped) throws IOException {
        programs = Postgres.find(settings().programs(), dumped);
    }

    @Override
    Command install(Path home) {
        return new Command(
                programs.folder().resolve("initdb").toString(),
                List.of(
                        "-D",
                        data(home).toString(),
                        "-U",
                        SUPERUSER,
                        "-A",
                        // nobody but the server's user and root reaches the socket
                        "trust",
                        "-E",
                        "UTF8",
                        "--locale=C",
                        "--no-sync"),
                Map.of("LC_ALL", "C"));
    }

    @Override
    Command server(Path home) {
        return new Command(
                programs.folder().resolve("postgres").toString(),
                List.of(
                        "-D",
                        data(home).toString(),
                        "-k",
                        home.toString(),
                        "-p",
                        String.valueOf(PORT),
                        "-c",
                        "listen_addresses=",
                        "-c",
                        "fsync=off",
                        "-c",
                        "full_page_writes=off",
                        "-c",
                        "synchronous_commit=off",
                        "-c",
                        "max_wal_size=128MB",
                        "-c",
                        "max_locks_per_transaction=1024",
                        // inside the folder, so that nothing is left elsewhere
                        "-c",
                        "dynamic_shared_memory_type=mmap"),
                Map.of("LC_ALL", "C"));
    }

    @Override
    Path socket(Path home) {
        return home.resolve(".s.PGSQL." + PORT);
    }

    /** Shuts down immediately, where KILL would leave its children for a moment. */
    @Override
    String deadlySignal() {
        return "QUIT";
    }

    @Override
    String askVersion() throws IOException {
        try (SqlSession session = new PostgresClients(connection()).session(SUPERUSER)) {
            return session.value("SHOW server_version");
        }
    }

    @Override
    public String describe() {
        return "a throwaway PostgreSQL " + version();
    }

    /** With the clients that belong to the server, where they stand beside it. */
    @Override
    Connection connection() {
        Path named = settings().clients();
        boolean beside = named == null && Files.isExecutable(programs.folder().resolve("psql"));
        return new Connection(null, PORT, home(), SUPERUSER, optionFile(), null, beside ? programs.folder() : named);
    }
}
