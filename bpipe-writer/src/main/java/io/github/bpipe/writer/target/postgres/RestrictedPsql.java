package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Child;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code psql} for text that came with a stream: it stops at the first error, and its own {@code \restrict} with a fresh
 * key keeps the text from running client commands such as {@code \!}.
 *
 * <p>A psql that does not know {@code \restrict} is refused. To look for client commands ourselves would mean to read
 * SQL exactly as that psql does, with the server's answers deciding where COPY data begin: a guess, and an unsafe one.
 */
final class RestrictedPsql {
    /** {@code -f -} makes psql name the line in its errors, {@code VERBOSITY} the SQLSTATE. */
    private static final List<String> ARGUMENTS =
            List.of("-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose", "-f", "-");

    private static final List<String> SILENT = List.of("-o", "/dev/null");

    /** Severity in the server's language, SQLSTATE, message. */
    private static final Pattern SERVER_MESSAGE = Pattern.compile("[^:]+: +([0-9A-Z]{5}): (.*)");

    private static final Pattern PLACE = Pattern.compile("^psql:<stdin>:\\d+: ");

    private static final int KEY_BYTES = 24;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final PostgresClients clients;

    /** Proves that there is a psql, and that it is recent enough. */
    RestrictedPsql(PostgresClients clients) throws IOException {
        this.clients = clients;
        Captured help = Captured.run(clients.psql(PostgresServer.MAINTENANCE_DATABASE, List.of("--help=commands")));
        if (help.status() != 0) {
            throw clients.failure(help.status(), help.stderr());
        }
        if (!help.stdout().contains("\\restrict")) {
            throw new Failure(
                    ExitCode.CLIENT,
                    "this psql does not know \\restrict, so a stream could make it run programs",
                    "install psql 18, 17.6, 16.10, 15.14, 14.19 or 13.22 or newer, or name its folder with --clients;"
                            + " any of them serves older servers too");
        }
    }

    /** Starts it on a database, already restricted; it prints rows without headings. */
    Child start(String database) throws IOException {
        Child child = Child.start(clients.psql(database, ARGUMENTS));
        try {
            child.stdin().write(restrict());
            return child;
        } catch (IOException e) {
            child.close();
            throw e;
        }
    }

    /** Runs a short script in UTF-8 to its end or first error, which stderr tells. */
    Captured run(String database, String sql) throws IOException {
        return Captured.run(
                clients.psql(database, ARGUMENTS).with(SILENT).withEnvironment("PGCLIENTENCODING", "UTF8"),
                new String(restrict(), StandardCharsets.US_ASCII) + sql);
    }

    /** As {@link #run}, but an error of the server is a failure with that code and hint. */
    void require(String database, String sql, ExitCode code, String what, String hint) throws IOException {
        Captured answer = run(database, sql);
        if (answer.status() != 0) {
            boolean full = isDiskFull(answer.stderr());
            throw new Failure(
                    full ? ExitCode.SPACE : code,
                    what + ": " + firstError(answer.stderr()),
                    full ? "make room on the disk of the server, then restore again" : hint);
        }
    }

    /** By SQLSTATE, or where the server gives another one, by the system's own words. */
    static boolean isDiskFull(String stderr) {
        return stderr.contains(": 53100: ") || stderr.contains("No space left on device");
    }

    /** The first error in psql's stderr, in the server's language; without warnings, place and SQLSTATE. */
    static String firstError(String stderr) {
        List<String> lines =
                stderr.lines().map(line -> PLACE.matcher(line).replaceFirst("")).toList();
        for (String line : lines) {
            Matcher message = SERVER_MESSAGE.matcher(line);
            if (message.matches()
                    && !message.group(1).startsWith("00")
                    && !message.group(1).startsWith("01")) {
                return message.group(2);
            }
        }
        return lines.stream()
                .filter(line -> !line.isBlank() && !SERVER_MESSAGE.matcher(line).matches())
                .findFirst()
                .orElse("psql ended without a word");
    }

    /** One line. */
    private static byte[] restrict() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return ("\\restrict " + HexFormat.of().formatHex(key) + "\n").getBytes(StandardCharsets.US_ASCII);
    }
}
