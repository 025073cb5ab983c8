package io.github.bpipe.core.cli;

import io.github.bpipe.core.engine.Connection;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say how to reach a server; each overrides what the profile says. */
public final class ConnectionOptions {
    @Option(names = "--host", paramLabel = "H", description = "Host name or address of the server.")
    private String host;

    @Option(names = "--port", paramLabel = "P", description = "Port of the server.")
    private Integer port;

    @Option(
            names = "--socket",
            paramLabel = "S",
            description = "Unix socket of MariaDB/MySQL, or the folder of PostgreSQL's.")
    private Path socket;

    @Option(names = "--user", paramLabel = "U", description = "Account on the server.")
    private String user;

    @Option(
            names = "--option-file",
            paramLabel = "F",
            description = "Client option file with a [client] section (MariaDB/MySQL), or pgpass file (PostgreSQL);"
                    + " without it the clients' own conventions hold.")
    private Path optionFile;

    @Option(
            names = "--run-as",
            paramLabel = "USER",
            description = "Operating-system user that the native clients run as, for peer authentication.")
    private String runAs;

    @Option(
            names = "--clients",
            paramLabel = "DIR",
            description = "Folder of the native client programs; without it the PATH.")
    private Path clients;

    /** What the options say, and where they are silent, what {@code base} says. */
    public Connection over(Connection base) {
        boolean otherPlace = host != null || socket != null;
        return new Connection(
                or(host, otherPlace ? null : base.host()),
                or(port, otherPlace ? null : base.port()),
                or(socket, otherPlace ? null : base.socket()),
                or(user, base.user()),
                or(optionFile, base.optionFile()),
                or(runAs, base.runAs()),
                or(clients, base.clients()));
    }

    /** As if the command line had named it. */
    public void setOptionFile(Path file) {
        optionFile = file;
    }

    private static <T> T or(T first, T second) {
        return first != null ? first : second;
    }
}
