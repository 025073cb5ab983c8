package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.DatabaseSize;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.writer.target.Space;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** Whether the server's data folder, or the database's tablespace, has room for the database of a stream. */
final class PostgresSpace {
    /** The folder of a tablespace, or else the data folder, which only the privileged get to see. */
    private static final String FOLDER =
            "SELECT coalesce((SELECT nullif(pg_tablespace_location(oid), '') FROM pg_tablespace WHERE spcname = %s),"
                    + " (SELECT setting FROM pg_settings WHERE name = 'data_directory'))";

    private final PostgresServer server;
    private Path folder;

    PostgresSpace(PostgresServer server) {
        this.server = server;
    }

    /**
     * Refuses where it provably does not fit; what cannot be known is no reason to. The server itself has no function
     * that tells what is free, so that it must be on this machine.
     *
     * @param tablespace that the database is to be in, or null
     */
    void require(Header header, String tablespace, String live, boolean inPlace) throws IOException {
        if (!isHere()) {
            return;
        }
        List<String> found = server.session().column(FOLDER.formatted(literal(String.valueOf(tablespace))));
        if (found.get(0) == null) {
            return;
        }
        folder = Path.of(found.get(0));
        OptionalLong bytes = DatabaseSize.of(header);
        var space = Space.of(folder);
        if (bytes.isPresent() && space.isPresent()) {
            space.get().require(bytes.getAsLong(), inPlace ? liveBytes(live) : 0, inPlace);
        }
    }

    /** A server that ends because its disk is full can no longer say so: what its clients see is a lost connection. */
    Failure explained(Failure failure) {
        boolean full = folder != null
                && failure.exitCode() == ExitCode.CONNECT
                && Space.of(folder).filter(Space::isFull).isPresent();
        return full
                ? new Failure(
                        ExitCode.SPACE,
                        "the disk of " + folder + " is full: " + failure.getMessage(),
                        "make room there, then restore again",
                        failure)
                : failure;
    }

    /** Over a unix socket there is no address. */
    private boolean isHere() throws IOException {
        return PostgresServer.isTrue(
                server.session().value("SELECT inet_client_addr() IS NULL OR inet_client_addr() = inet_server_addr()"));
    }

    private long liveBytes(String live) throws IOException {
        return Long.parseLong(server.session()
                .value("SELECT coalesce(sum(pg_database_size(oid)), 0) FROM pg_database WHERE datname = "
                        + literal(live)));
    }
}
