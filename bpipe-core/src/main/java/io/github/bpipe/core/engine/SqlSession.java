package io.github.bpipe.core.engine;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * One session of a native client that is asked one statement after the other: it holds locks and snapshots, and answers
 * questions about the catalogue. The client must stop at its first error; after one the session is over.
 */
public final class SqlSession implements Closeable {
    /** How a client is made to print, and how what it printed is taken apart. */
    public enum Dialect {
        /** {@code mariadb --batch --skip-column-names --unbuffered}; a NULL is the word NULL. */
        MARIADB {
            @Override
            String mark(String mark) {
                return "SELECT '" + mark + "';\n";
            }

            @Override
            List<List<String>> rows(String printed) {
                return Arrays.stream(printed.split("\n", -1))
                        .map(line -> Arrays.stream(line.split("\t", -1))
                                .map(SqlSession::unescape)
                                .toList())
                        .toList();
            }
        },
        /** {@code psql} with {@link #PSQL_FORMAT}; a NULL is null. */
        POSTGRESQL {
            @Override
            String mark(String mark) {
                return "\\echo " + mark + "\n";
            }

            @Override
            List<List<String>> rows(String printed) {
                return Arrays.stream(printed.split(PSQL_RECORD, -1))
                        .map(record -> Arrays.stream(record.split(PSQL_FIELD, -1))
                                .map(field -> field.equals(PSQL_NULL) ? null : field)
                                .toList())
                        .toList();
            }
        };

        abstract String mark(String mark);

        /** Of what a statement printed, without the last line break. */
        abstract List<List<String>> rows(String printed);
    }

    private static final String PSQL_FIELD = "\u001f";
    private static final String PSQL_RECORD = "\u001e";
    private static final String PSQL_NULL = "\u001d";

    /** Arguments that make psql print what {@link Dialect#POSTGRESQL} takes apart, and stop at the first error. */
    public static final List<String> PSQL_FORMAT = List.of(
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-F",
            PSQL_FIELD,
            "-R",
            PSQL_RECORD,
            "-P",
            "null=" + PSQL_NULL);

    /** Arguments that make mariadb or mysql print what {@link Dialect#MARIADB} takes apart. */
    public static final List<String> MARIADB_FORMAT = List.of(
            "--batch",
            "--skip-column-names",
            "--unbuffered",
            "--default-character-set=utf8mb4",
            // else the statement comes before its error; mysql does not know the option
            "--loose-skip-print-query-on-error");

    /** Makes a failure of what a client said on stderr when it ended. */
    public interface ErrorReader {
        Failure read(int status, String stderr);
    }

    private final Dialect dialect;
    private final ErrorReader errors;
    private final Charset charset;
    private final Child child;
    private final BufferedReader answers;
    /** Ends each answer; random, so that no content can pretend to be the end. */
    private final String mark = "bpipe-answered-" + UUID.randomUUID();

    private Failure failure;

    /**
     * Starts the client; the login is proven by the first statement only.
     *
     * @param command with the arguments that {@code dialect} needs
     */
    public SqlSession(Command command, Dialect dialect, ErrorReader errors) throws Failure {
        this(command, dialect, StandardCharsets.UTF_8, errors);
    }

    /**
     * As above, for a client that speaks another encoding than UTF-8.
     *
     * @param charset of what the client reads and prints
     */
    public SqlSession(Command command, Dialect dialect, Charset charset, ErrorReader errors) throws Failure {
        this.dialect = dialect;
        this.charset = charset;
        this.errors = errors;
        this.child = Child.start(command);
        this.answers = new BufferedReader(new InputStreamReader(child.stdout(), charset));
    }

    /** Runs statements whose answers do not matter. */
    public void execute(String sql) throws IOException {
        ask(sql);
    }

    /** The rows that one statement answers; empty where there are none. */
    public List<List<String>> query(String sql) throws IOException {
        String printed = ask(sql);
        return printed.isEmpty() ? List.of() : dialect.rows(printed.substring(0, printed.length() - 1));
    }

    /** The first field of the first row. */
    public String value(String sql) throws IOException {
        List<List<String>> rows = query(sql);
        if (rows.isEmpty()) {
            throw new Failure(ExitCode.INTERNAL, "the server answered no row to: " + sql, "report this");
        }
        return rows.get(0).get(0);
    }

    /** The first field of each row. */
    public List<String> column(String sql) throws IOException {
        return query(sql).stream().map(row -> row.get(0)).toList();
    }

    @Override
    public void close() {
        child.close();
    }

    private String ask(String sql) throws IOException {
        if (failure != null) {
            throw failure;
        }
        send(sql + ";\n" + dialect.mark(mark));
        String end = mark + "\n";
        StringBuilder printed = new StringBuilder();
        // not line by line, because a carriage return in a field is no line's end
        for (int c = answers.read(); c >= 0; c = answers.read()) {
            printed.append((char) c);
            if (c == '\n' && endsWithLine(printed, end)) {
                return printed.substring(0, printed.length() - end.length());
            }
        }
        throw ended();
    }

    private static boolean endsWithLine(StringBuilder text, String line) {
        int at = text.length() - line.length();
        return at >= 0 && text.indexOf(line, at) == at && (at == 0 || text.charAt(at - 1) == '\n');
    }

    private void send(String text) throws Failure {
        try {
            OutputStream stdin = child.stdin();
            stdin.write(text.getBytes(charset));
            stdin.flush();
        } catch (IOException e) {
            // the client has ended: its status and stderr say why
            throw ended();
        }
    }

    private Failure ended() throws Failure {
        failure = errors.read(child.await(), child.stderr());
        return failure;
    }

    /** Undoes the escapes of {@code --batch}: newline, tab, NUL and backslash. */
    private static String unescape(String field) {
        if (field.indexOf('\\') < 0) {
            return field;
        }
        StringBuilder plain = new StringBuilder(field.length());
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c != '\\' || i + 1 == field.length()) {
                plain.append(c);
                continue;
            }
            char escaped = field.charAt(++i);
            plain.append(
                    switch (escaped) {
                        case 'n' -> '\n';
                        case 't' -> '\t';
                        case '0' -> '\0';
                        default -> escaped;
                    });
        }
        return plain.toString();
    }
}
