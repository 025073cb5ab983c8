package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Copies all tables of some schemas from one database of the server into another, by pg_dump and psql. */
final class PostgresTableCopy {
    private static final List<String> LOAD = List.of(
            "-X", "-q", "-A", "-t", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-f", "-");

    private final PostgresClients clients;

    PostgresTableCopy(PostgresClients clients) {
        this.clients = clients;
    }

    /** The schemas must stand in both. */
    void copy(String from, String to, List<String> schemas) throws IOException {
        List<String> arguments = new ArrayList<>();
        // what the stream holds comes as text once more, and must not make psql run commands
        arguments.add("--restrict-key=" + UUID.randomUUID().toString().replace("-", ""));
        schemas.forEach(schema -> arguments.add("--table=" + identifier(schema) + ".*"));
        try (Child dump = Child.start(clients.pgDump(from, arguments));
                Child load = Child.start(clients.psql(to, LOAD))) {
            dump.stdin().close();
            pass(dump, load);
            load.stdout().transferTo(OutputStream.nullOutputStream());
            int loaded = load.await();
            if (loaded != 0) {
                throw new Failure(
                        ExitCode.LOAD_FAILED,
                        "the live database refused the tables: " + RestrictedPsql.firstError(load.stderr()),
                        "it may lack a type, a function or a sequence that they need; restore them with --into NAME");
            }
            int dumped = dump.await();
            if (dumped != 0) {
                throw failed(dumped, dump.stderr());
            }
        }
    }

    private static void pass(Child dump, Child load) {
        try {
            dump.stdout().transferTo(load.stdin());
            load.stdin().close();
        } catch (IOException e) {
            // psql has ended, and its words say why
            dump.close();
        }
    }

    private Failure failed(int status, String stderr) {
        return stderr.contains("restrict-key")
                ? new Failure(
                        ExitCode.CLIENT,
                        "this pg_dump does not know --restrict-key, so a stream could make psql run programs",
                        "install pg_dump 18, 17.6, 16.10, 15.14, 14.19 or 13.22 or newer, or name its folder with --clients")
                : clients.failure(status, stderr);
    }
}
