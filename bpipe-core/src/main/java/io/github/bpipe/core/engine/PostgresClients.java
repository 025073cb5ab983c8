package io.github.bpipe.core.engine;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Command;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The native programs of PostgreSQL: which, with what arguments, and what their errors mean. */
public final class PostgresClients {
    private static final Pattern LOGIN =
            Pattern.compile("authentication failed|no password supplied|no pg_hba.conf entry|role \".*\" does not exist"
                    + "|is not permitted to log in");
    private static final Pattern NO_DATABASE = Pattern.compile("FATAL: +database \".*\" does not exist");
    private static final Pattern PRIVILEGE = Pattern.compile(
            "permission denied|must be owner|must be superuser|row-level security|must have privileges");

    /** As {@code InitPostgres} of the server says it; CREATE on a database is refused in other words. */
    private static final Pattern NO_CONNECT = Pattern.compile("FATAL: +permission denied for database \"(.*)\"");

    private final Connection connection;

    public PostgresClients(Connection connection) {
        this.connection = connection;
    }

    /**
     * {@code psql}, which never asks for a password.
     *
     * @param database to connect to
     * @param arguments on top of those of the connection
     */
    public Command psql(String database, List<String> arguments) throws Failure {
        return command("psql", database, arguments);
    }

    /**
     * {@code pg_dump}, which never asks for a password.
     *
     * @param database to dump
     * @param arguments on top of those of the connection
     */
    public Command pgDump(String database, List<String> arguments) throws Failure {
        return command("pg_dump", database, arguments);
    }

    /**
     * A program asked for its version, which it answers without a server.
     *
     * @param program {@code psql} or {@code pg_dump}
     */
    public Command version(String program) throws Failure {
        return RunAs.wrap(new Command(find(program), List.of("--version"), Map.of("LC_ALL", "C")), connection.runAs());
    }

    /** A session for questions, locks and snapshots. */
    public SqlSession session(String database) throws Failure {
        return new SqlSession(
                psql(database, SqlSession.PSQL_FORMAT).withEnvironment("PGCLIENTENCODING", "UTF8"),
                SqlSession.Dialect.POSTGRESQL,
                this::failure);
    }

    /**
     * A session with a database in {@code SQL_ASCII}, which holds bytes that the server knows nothing of and would
     * refuse to hand out as UTF-8: each of them is one character of ISO 8859-1.
     */
    public SqlSession bytesSession(String database) throws Failure {
        return new SqlSession(
                psql(database, SqlSession.PSQL_FORMAT).withEnvironment("PGCLIENTENCODING", "LATIN1"),
                SqlSession.Dialect.POSTGRESQL,
                StandardCharsets.ISO_8859_1,
                this::failure);
    }

    /** What an error of one of the programs means to the user. */
    public Failure failure(int status, String stderr) {
        // said of a working directory that another user may not enter, which matters to nobody
        String message = stderr.lines()
                .filter(each -> !each.startsWith("could not change directory"))
                .collect(Collectors.joining("\n"))
                .strip();
        String line = message.isEmpty()
                ? "exit status " + status
                : message.lines().findFirst().orElse(message);
        if (LOGIN.matcher(message).find()) {
            return new Failure(
                    ExitCode.LOGIN,
                    "login refused by " + connection.describe() + ": " + line,
                    "check --user, the pgpass file (--option-file, else PGPASSFILE or ~/.pgpass), or --run-as for peer"
                            + " authentication");
        }
        if (NO_DATABASE.matcher(message).find()) {
            return new Failure(ExitCode.NO_DATABASE, line, "check --database; psql -l lists what is there");
        }
        Matcher shut = NO_CONNECT.matcher(message);
        if (shut.find()) {
            return new Failure(
                    ExitCode.PRIVILEGE,
                    "the role lacks the privilege CONNECT on the database: " + line,
                    "GRANT CONNECT ON DATABASE " + identifier(shut.group(1)) + " TO the role, or use an administrative"
                            + " role");
        }
        if (PRIVILEGE.matcher(message).find()) {
            return new Failure(
                    ExitCode.PRIVILEGE, line, "grant the role that privilege, or use an administrative role");
        }
        if (message.contains("not currently accepting connections")) {
            return new Failure(ExitCode.NO_DATABASE, line, "that database is closed to everybody; choose another one");
        }
        // pg_dump limits its waiting for locks by a limit for the whole statement
        if (message.contains("lock timeout")
                || (message.contains("statement timeout") && message.contains("LOCK TABLE"))) {
            return new Failure(ExitCode.BUSY, line, "find the session that holds the lock in pg_locks, or try again");
        }
        if (message.contains("max_locks_per_transaction")) {
            return new Failure(
                    ExitCode.UNSUITABLE,
                    "the server cannot lock so many tables at once: " + line,
                    "raise max_locks_per_transaction in postgresql.conf and restart the server");
        }
        if (message.contains("No space left on device")) {
            return new Failure(ExitCode.SPACE, line, "make room on the disk of the server, then run it again");
        }
        if (message.contains("connection to server")) {
            return new Failure(
                    ExitCode.CONNECT,
                    "cannot reach " + connection.describe() + ": " + line,
                    "is the server running? check --socket, --host and --port");
        }
        return new Failure(ExitCode.CONNECT, "the client failed: " + line, "try the same with the client by hand");
    }

    /** A name as an identifier. */
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A text as a string literal, whatever {@code standard_conforming_strings} says. */
    public static String literal(String text) {
        String quoted = '\'' + text.replace("'", "''") + '\'';
        return text.indexOf('\\') < 0 ? quoted : " E" + quoted.replace("\\", "\\\\");
    }

    private String find(String name) throws Failure {
        return ClientPrograms.find(connection.clients(), List.of(name), "postgresql-client");
    }

    private Command command(String name, String database, List<String> arguments) throws Failure {
        String program = find(name);
        // messages in English, because their meaning is read from them
        Map<String, String> environment = new HashMap<>(Map.of("LC_ALL", "C", "PGAPPNAME", "bpipe-toolkit"));
        if (connection.optionFile() != null) {
            SecretFile.require(connection.optionFile(), connection.runAs());
            environment.put("PGPASSFILE", connection.optionFile().toString());
        }
        List<String> all = new ArrayList<>();
        all.add("--no-password");
        if (connection.socket() != null) {
            all.add("--host=" + connection.socket());
        } else if (connection.host() != null) {
            all.add("--host=" + connection.host());
        }
        if (connection.port() != null) {
            all.add("--port=" + connection.port());
        }
        if (connection.user() != null) {
            all.add("--username=" + connection.user());
        }
        all.addAll(arguments);
        all.add("--dbname=" + connectionString(database));
        return RunAs.wrap(new Command(program, all, environment), connection.runAs());
    }

    /** The database as a connection string, because a bare name with {@code =} in it would be taken for one. */
    private static String connectionString(String database) {
        return "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
