package io.github.bpipe.core.engine;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The native programs of MariaDB and MySQL: which, with what arguments, and what their errors mean. */
public final class MariaDbClients {
    private static final Pattern ERROR = Pattern.compile("(?:ERROR|[Ee]rror):? (\\d{1,5})\\b|\\((\\d{4})\\)");

    private static final Pattern DISK_FULL = Pattern.compile("(?i)ERROR (1021|1114) |(Errcode|errno): 28\\b");

    private static final String PACKAGE = "mariadb-client";

    private final Engine engine;
    private final Connection connection;

    public MariaDbClients(Engine engine, Connection connection) {
        this.engine = engine;
        this.connection = connection;
    }

    /**
     * The command-line client: {@code mariadb} or {@code mysql}.
     *
     * @param database to use, or null
     * @param arguments on top of those of the connection
     */
    public Command client(String database, List<String> arguments) throws Failure {
        List<String> names = engine == Engine.MYSQL ? List.of("mysql", "mariadb") : List.of("mariadb", "mysql");
        List<String> all = new ArrayList<>(arguments);
        if (database != null) {
            all.add("--database=" + database);
        }
        return command(names, all);
    }

    /**
     * The dump program: {@code mariadb-dump} or {@code mysqldump}.
     *
     * @param arguments on top of those of the connection
     */
    public Command dump(List<String> arguments) throws Failure {
        return command(dumpNames(), arguments);
    }

    /** The dump program, told to print what its option files say; the answer may hold a password. */
    public Command dumpDefaults() throws Failure {
        String program = ClientPrograms.find(connection.clients(), dumpNames(), PACKAGE);
        List<String> arguments = new ArrayList<>(optionFile());
        // must come before any ordinary option
        arguments.add("--print-defaults");
        return RunAs.wrap(new Command(program, arguments, Map.of()), connection.runAs());
    }

    private List<String> dumpNames() {
        return engine == Engine.MYSQL ? List.of("mysqldump", "mariadb-dump") : List.of("mariadb-dump", "mysqldump");
    }

    /** A session for questions and locks. */
    public SqlSession session(String database) throws Failure {
        return new SqlSession(client(database, SqlSession.MARIADB_FORMAT), SqlSession.Dialect.MARIADB, this::failure);
    }

    /** What an error of one of the programs means to the user. */
    public Failure failure(int status, String stderr) {
        String message = stderr.strip();
        // newer clients say first that the program's name is deprecated
        String line = message.lines()
                .filter(each -> ERROR.matcher(each).find())
                .findFirst()
                .orElse(
                        message.isEmpty()
                                ? "exit status " + status
                                : message.lines().findFirst().orElse(message));
        if (DISK_FULL.matcher(message).find()) {
            return new Failure(ExitCode.SPACE, line, "make room on the disk of the server, then run it again");
        }
        return switch (errorNumber(message)) {
            case 2000, 2001, 2002, 2003, 2004, 2005, 2006, 2012, 2013, 2026 ->
                new Failure(
                        ExitCode.CONNECT,
                        "cannot reach " + connection.describe() + ": " + line,
                        "is the server running? check --socket, --host and --port");
            case 1045, 1698, 1251, 1275, 1862, 2059 ->
                new Failure(
                        ExitCode.LOGIN,
                        "login refused by " + connection.describe() + ": " + line,
                        "check --user and the password in the option file (--option-file, else ~/.my.cnf)");
            case 1049 ->
                new Failure(ExitCode.NO_DATABASE, line, "check --database; SHOW DATABASES lists what is there");
            case 1044, 1142, 1143, 1227, 1370, 1410 ->
                new Failure(
                        ExitCode.PRIVILEGE, line, "grant the account that privilege, or use an administrative account");
            case 1040, 1203, 1226 ->
                new Failure(ExitCode.CONNECT, "the server takes no more connections: " + line, "try again later");
            default ->
                new Failure(ExitCode.CONNECT, "the client failed: " + line, "try the same with the client by hand");
        };
    }

    /** The server's error number in a client's message, or 0. */
    public static int errorNumber(String stderr) {
        Matcher matcher = ERROR.matcher(stderr);
        if (!matcher.find()) {
            return 0;
        }
        return Integer.parseInt(matcher.group(1) != null ? matcher.group(1) : matcher.group(2));
    }

    /** A name as an identifier. */
    public static String identifier(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    /** A text as a string literal, whatever the SQL mode: as hexadecimal digits of its UTF-8. */
    public static String literal(String text) {
        if (text.isEmpty()) {
            return "''";
        }
        return "CONVERT(x'"
                + java.util.HexFormat.of().formatHex(text.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                + "' USING utf8mb4)";
    }

    private Command command(List<String> names, List<String> arguments) throws Failure {
        String program = ClientPrograms.find(connection.clients(), names, PACKAGE);
        List<String> all = new ArrayList<>(optionFile());
        if (connection.host() != null) {
            all.add("--host=" + connection.host());
        }
        if (connection.port() != null) {
            all.add("--port=" + connection.port());
        }
        if (connection.socket() != null) {
            all.add("--socket=" + connection.socket());
        }
        if (connection.user() != null) {
            all.add("--user=" + connection.user());
        }
        all.addAll(arguments);
        return RunAs.wrap(new Command(program, all, Map.of()), connection.runAs());
    }

    /** The option file as an argument that must come first; it is the only one then, so that ~/.my.cnf cannot override it. */
    private List<String> optionFile() throws Failure {
        if (connection.optionFile() == null) {
            return List.of();
        }
        SecretFile.require(connection.optionFile(), connection.runAs());
        return List.of("--defaults-file=" + connection.optionFile());
    }
}
