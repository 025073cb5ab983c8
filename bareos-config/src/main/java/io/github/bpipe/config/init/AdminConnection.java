package io.github.bpipe.config.init;

import io.github.bpipe.core.application.CloudDatabase;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;

/**
 * The administrative connection to an application's server, since the application's own account can neither create
 * databases nor read routines: the unix socket where the server runs here, else what the administrator says.
 */
final class AdminConnection {
    private static final int MARIADB_PORT = 3306;

    private AdminConnection() {}

    /**
     * The connection, where options leave it open.
     *
     * @param given what options say; whatever is null there is found out
     */
    static Connection of(CloudDatabase database, Connection given) throws Failure {
        if (database.engine() == Engine.SQLITE) {
            return Connection.DEFAULT;
        }
        boolean elsewhere = given.host() != null || given.socket() != null;
        if (given.optionFile() != null || elsewhere) {
            Connection server = elsewhere ? Connection.DEFAULT : database.server();
            return new Connection(
                    server.host(),
                    server.port(),
                    server.socket(),
                    user(database, given),
                    null,
                    runAs(database, given),
                    null);
        }
        if (!database.isLocal()) {
            throw new NoAdministrator(
                    "the database runs on " + database.server().describe()
                            + ", where no unix socket proves an administrator",
                    secretFile(database));
        }
        return local(database);
    }

    private static Connection local(CloudDatabase database) throws Failure {
        Connection server = database.server();
        if (database.engine() == Engine.POSTGRESQL) {
            return new Connection(null, server.port(), server.socket(), "postgres", null, "postgres", null);
        }
        boolean usual = server.socket() != null || server.port() == null || server.port() == MARIADB_PORT;
        if (!usual) {
            throw new Failure(
                    ExitCode.USAGE,
                    "the database runs on port " + server.port() + " of this machine, whose unix socket is not known",
                    "name it with --socket; SELECT @@socket tells it");
        }
        return new Connection(null, null, server.socket(), "root", null, null, null);
    }

    /** MariaDB's option file names the user; a pgpass file needs to be asked for one. */
    private static String user(CloudDatabase database, Connection given) {
        if (database.engine() == Engine.POSTGRESQL) {
            return "postgres";
        }
        return given.optionFile() == null ? "root" : null;
    }

    /** Peer authentication where there is neither a password nor a network. */
    private static String runAs(CloudDatabase database, Connection given) {
        boolean peer = given.optionFile() == null && given.host() == null;
        return peer && database.engine() == Engine.POSTGRESQL ? "postgres" : null;
    }

    private static String secretFile(CloudDatabase database) {
        return database.engine() == Engine.POSTGRESQL ? "a pgpass file" : "an option file";
    }
}
