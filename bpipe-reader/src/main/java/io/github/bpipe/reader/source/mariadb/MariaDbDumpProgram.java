package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.LargeWrites;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code mariadb-dump} or {@code mysqldump}: whether it will do, and what it is told. */
final class MariaDbDumpProgram {
    /** What every release in use knows; each switch is given, so that no option file decides about it. */
    private static final List<String> OPTIONS = List.of(
            "--opt",
            "--single-transaction",
            "--quick",
            "--routines",
            "--events",
            "--triggers",
            "--hex-blob",
            "--tz-utc",
            "--comments",
            "--set-charset",
            "--create-options",
            "--extended-insert",
            "--quote-names",
            "--add-drop-table",
            "--default-character-set=utf8mb4",
            "--max-allowed-packet=1G",
            "--no-tablespaces",
            "--skip-lock-tables",
            "--skip-lock-all-tables",
            "--skip-add-locks",
            "--skip-disable-keys",
            "--skip-no-autocommit",
            "--skip-add-drop-database",
            "--skip-flush-logs",
            "--skip-order-by-primary");

    /** Options that change what a dump holds, and that no later option can take back. */
    private static final Set<String> REFUSED = Set.of(
            "all-databases",
            "apply-slave-statements",
            "as-of",
            "compact",
            "compatible",
            "complete-insert",
            "databases",
            "delayed-insert",
            "delete-master-logs",
            "dump-slave",
            "fields-enclosed-by",
            "fields-escaped-by",
            "fields-optionally-enclosed-by",
            "fields-terminated-by",
            "flush-privileges",
            "force",
            "ignore-database",
            "ignore-error",
            "ignore-table",
            "ignore-table-data",
            "insert-ignore",
            "lines-terminated-by",
            "log-error",
            "master-data",
            "no-create-info",
            "no-data",
            "no-data-med",
            "order-by-size",
            "replace",
            "result-file",
            "source-data",
            "dump-replica",
            "system",
            "tab",
            "tables",
            "where",
            "xml");

    private static final Pattern DEFAULT_OPTION = Pattern.compile("(?:^|\\s)--([A-Za-z0-9_-]+)");

    private final MariaDbClients clients;
    private final MariaDbVersion version;

    private MariaDbDumpProgram(MariaDbClients clients, MariaDbVersion version) {
        this.clients = clients;
        this.version = version;
    }

    /** Finds the program and refuses it where it is too old for the server, or where an option file spoils its work. */
    static MariaDbDumpProgram find(MariaDbClients clients, MariaDbVersion server) throws IOException {
        Command ask = clients.dump(List.of("--version"));
        Captured answer = Captured.run(ask);
        MariaDbVersion version = MariaDbVersion.ofProgram(answer.stdout());
        if (answer.status() != 0 || version == null) {
            throw new Failure(
                    ExitCode.CLIENT,
                    ask.program() + " does not tell its version: " + firstLine(answer.stdout() + answer.stderr()),
                    "install the package mariadb-client, or name the folder of the programs with --clients");
        }
        String refusal = refusal(version, server);
        if (refusal != null) {
            throw new Failure(
                    ExitCode.CLIENT,
                    ask.program() + " (" + version.text() + ") " + refusal,
                    "install the client programs of the server's own release, or name their folder with --clients");
        }
        requireHarmless(defaultOptions(Captured.run(clients.dumpDefaults()).stdout()));
        return new MariaDbDumpProgram(clients, version);
    }

    MariaDbVersion version() {
        return version;
    }

    /** Refuses where tables keep their history and the program cannot dump it. */
    void requireHistory() throws Failure {
        if (!knowsHistory(version)) {
            throw new Failure(
                    ExitCode.CLIENT,
                    "the history of system-versioned tables needs mariadb-dump 10.11 or later, this is "
                            + version.text(),
                    "install a newer client, or name its folder with --clients");
        }
    }

    /** A dump of the whole database, in that order. */
    Command command(String database, boolean history, MariaDbTableOrder order) throws Failure {
        List<String> arguments = options(version, history);
        arguments.add("--");
        arguments.add(database);
        arguments.addAll(order.names());
        return LargeWrites.wrap(clients.dump(arguments));
    }

    /** A dump of all but the rows. */
    Command definitions(String database, boolean history) throws Failure {
        List<String> arguments = options(version, history);
        arguments.addAll(List.of("--no-data", "--", database));
        return LargeWrites.wrap(clients.dump(arguments));
    }

    /** A dump of the tables of that share, with their definitions. */
    Command share(String database, boolean history, MariaDbShare share) throws Failure {
        List<String> arguments = options(version, history);
        arguments.addAll(share.options(database));
        arguments.add("--");
        arguments.add(database);
        arguments.addAll(share.tables());
        return LargeWrites.wrap(clients.dump(arguments));
    }

    /** The options that a program of that version is given. */
    static List<String> options(MariaDbVersion version, boolean history) {
        List<String> options = new ArrayList<>(OPTIONS);
        if (version.family() == Engine.MYSQL) {
            options.add("--set-gtid-purged=OFF");
            if (version.atLeast(8, 0)) {
                options.add("--column-statistics=0");
            }
        } else if (history) {
            options.add("--dump-history");
        } else if (knowsHistory(version)) {
            options.add("--skip-dump-history");
        }
        return options;
    }

    /** Why such a program is not fit for such a server, or null. */
    static String refusal(MariaDbVersion program, MariaDbVersion server) {
        if (program.family() == Engine.MYSQL) {
            if (server.family() == Engine.MARIADB) {
                return "is MySQL's and does not know MariaDB's own objects";
            }
            return program.atLeast(5, 7) ? null : "is too old: 5.7 or later is needed";
        }
        return program.atLeast(10, 3) ? null : "is too old: 10.3 or later is needed";
    }

    /** Names of the options in the answer to {@code --print-defaults}; never their values. */
    static Set<String> defaultOptions(String printed) {
        Set<String> names = new TreeSet<>();
        // the first line names the program
        String arguments = printed.substring(printed.indexOf('\n') + 1);
        Matcher matcher = DEFAULT_OPTION.matcher(arguments);
        while (matcher.find()) {
            names.add(
                    matcher.group(1).toLowerCase(Locale.ROOT).replace('_', '-').replaceFirst("^loose-", ""));
        }
        return names;
    }

    static void requireHarmless(Set<String> names) throws Failure {
        List<String> harmful =
                names.stream().filter(MariaDbDumpProgram::isHarmful).toList();
        if (!harmful.isEmpty()) {
            throw new Failure(
                    ExitCode.CLIENT,
                    "an option file changes what the dump would hold: " + String.join(", ", harmful),
                    "take that out of the groups [client], [mysqldump] and [mariadb-dump] (mariadb-dump"
                            + " --print-defaults shows them), or give an option file of its own with --option-file");
        }
    }

    /** The programs also take the unambiguous beginning of a name. */
    private static boolean isHarmful(String name) {
        return REFUSED.contains(name)
                || (name.length() > 4 && REFUSED.stream().anyMatch(refused -> refused.startsWith(name)));
    }

    private static boolean knowsHistory(MariaDbVersion version) {
        return version.family() == Engine.MARIADB && version.atLeast(10, 11);
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("nothing");
    }
}
