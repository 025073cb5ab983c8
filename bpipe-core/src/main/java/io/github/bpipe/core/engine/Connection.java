package io.github.bpipe.core.engine;

import java.nio.file.Path;

/**
 * How to reach a server; whatever is null is left to the client programs' own conventions ({@code ~/.my.cnf},
 * {@code PGPASSFILE}, {@code PGHOST}, unix-socket and peer authentication).
 *
 * @param host name or address, or null
 * @param port or null
 * @param socket unix socket of MariaDB/MySQL, or the folder of PostgreSQL's; or null
 * @param user or null
 * @param optionFile client option file ({@code [client]} section) of MariaDB/MySQL, pgpass file of PostgreSQL, or null
 * @param runAs operating-system user that the client programs run as, or null for our own
 * @param clients folder of the client programs, or null for the PATH
 */
public record Connection(
        String host, Integer port, Path socket, String user, Path optionFile, String runAs, Path clients) {
    /** Everything left to the conventions. */
    public static final Connection DEFAULT = new Connection(null, null, null, null, null, null, null);

    /** The server in words, for messages. */
    public String describe() {
        if (socket != null) {
            return "socket " + socket;
        }
        if (host != null) {
            return port == null ? host : host + " port " + port;
        }
        return port == null ? "the local server" : "port " + port;
    }
}
