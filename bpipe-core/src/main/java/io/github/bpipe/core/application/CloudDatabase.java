package io.github.bpipe.core.application;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an application's configuration says that its database is (lib/private/DB/ConnectionFactory.php).
 *
 * @param engine MARIADB also for MySQL, which the configuration does not tell apart
 * @param database name, or file for SQLite
 * @param server host, port and socket of the application's own connection; nothing else in it is set
 * @param user of the application on the server; null for SQLite
 * @param tablePrefix of the application's tables
 */
public record CloudDatabase(Engine engine, String database, Connection server, String user, String tablePrefix) {
    private static final String DEFAULT_NAME = "owncloud";
    private static final String DEFAULT_PREFIX = "oc_";
    /** As the application cuts it; a colon within brackets belongs to the address. */
    private static final Pattern HOST_AND_MORE = Pattern.compile("(.*):([^\\]:]+)");

    private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d+){3}|::1");

    /**
     * What the settings say.
     *
     * @param data folder of the application
     */
    public static CloudDatabase of(CloudConfig config, Path data) throws Failure {
        String type = config.text("dbtype").orElse("sqlite");
        String name = config.text("dbname").orElse(DEFAULT_NAME);
        String prefix = config.text("dbtableprefix").orElse(DEFAULT_PREFIX);
        if (config.value("dbsharding").isPresent()) {
            throw unsupported(
                    config.place("dbsharding"), "a database that is spread over several servers (dbsharding)");
        }
        Engine engine =
                switch (type) {
                    case "sqlite", "sqlite3" -> Engine.SQLITE;
                    case "mysql" -> Engine.MARIADB;
                    case "pgsql" -> Engine.POSTGRESQL;
                    case "oci" -> throw unsupported(config.place("dbtype"), "Oracle (dbtype oci)");
                    default ->
                        throw new Failure(
                                ExitCode.APPLICATION,
                                config.place("dbtype") + ": unknown dbtype " + type,
                                "the application knows mysql, pgsql, sqlite3 and oci");
                };
        if (engine == Engine.SQLITE) {
            String file = data.resolve(name + ".db").toString();
            return new CloudDatabase(engine, file, Connection.DEFAULT, null, prefix);
        }
        String user = config.text("dbuser").orElse("");
        return new CloudDatabase(
                engine, name, server(engine, config.text("dbhost").orElse("")), user, prefix);
    }

    /** True where the server runs on this machine. */
    public boolean isLocal() {
        return server.host() == null || LOOPBACK.matcher(server.host()).matches();
    }

    private static Connection server(Engine engine, String dbhost) {
        String host = dbhost;
        Integer port = null;
        Path socket = null;
        Matcher matcher = HOST_AND_MORE.matcher(dbhost);
        if (matcher.matches()) {
            host = matcher.group(1);
            if (matcher.group(2).matches("\\d{1,5}")) {
                port = Integer.valueOf(matcher.group(2));
            } else {
                socket = Path.of(matcher.group(2));
            }
        }
        if (engine == Engine.POSTGRESQL && host.startsWith("/")) {
            socket = Path.of(host);
        }
        String bare = host.replaceFirst("^\\[(.*)\\]$", "$1");
        return new Connection(socket != null || bare.isEmpty() ? null : bare, port, socket, null, null, null, null);
    }

    private static Failure unsupported(String place, String what) {
        return new Failure(
                ExitCode.APPLICATION,
                place + ": " + what + " is not supported",
                "MariaDB, MySQL, PostgreSQL and SQLite are; save this one with its own tools");
    }
}
