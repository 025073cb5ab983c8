package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.sql.PostgresLexer;
import io.github.bpipe.core.sql.PostgresWords;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;

/**
 * Reads a script of pg_dump statement by statement, and the rows of a COPY row by row, in bounded memory.
 *
 * <p>A statement that does not fit is handed out in pieces. What is handed out depends on the bytes alone, never on how
 * many of them arrive at once.
 */
final class PostgresScript {
    /** Takes the rows of a COPY, each with its newline. */
    interface RowSink {
        /**
         * Takes a row, or a piece of it.
         *
         * @param whole true when the row ends with these bytes
         */
        void row(byte[] bytes, int from, int count, boolean whole) throws IOException;
    }

    private static final int BUFFER_BYTES = 1 << 20;
    /** What a pipe holds; a longer read makes the JVM allocate and free as much native memory each time. */
    private static final int READ_BYTES = 64 << 10;

    private static final int HEAD_WORDS = 9;

    private final InputStream in;
    private final Charset charset;
    private final PostgresLexer lexer = new PostgresLexer();
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int limit;

    /** The piece in hand is {@code from} to {@code to}, its first token at {@code token}. */
    private int from;

    private int token;
    private int to;
    private boolean whole = true;

    PostgresScript(InputStream in, Charset charset) {
        this.in = in;
        this.charset = charset;
    }

    void setStandardStrings(boolean on) {
        lexer.setStandardStrings(on);
    }

    /** Goes to the next statement, or to the next piece of a long one; false at the end of the script. */
    boolean next() throws IOException {
        boolean begins = whole;
        from = to;
        int scanned = from;
        while (true) {
            int end = lexer.end(buffer, scanned, limit);
            if (end >= 0 || limit - from == BUFFER_BYTES) {
                whole = end >= 0;
                to = whole ? end : limit;
                token = begins ? from + firstToken() : from;
                return true;
            }
            scanned = limit - from;
            if (!fill()) {
                if (!lexer.isBetweenStatements()) {
                    throw early("in the middle of a statement");
                }
                token = limit;
                to = limit;
                return false;
            }
        }
    }

    /** True when the piece in hand is the last of its statement. */
    boolean isWhole() {
        return whole;
    }

    byte[] bytes() {
        return buffer;
    }

    /** Index of the blanks and comments before the statement. */
    int from() {
        return from;
    }

    /** Index of the statement's first token, or of the piece where it goes on. */
    int token() {
        return token;
    }

    /** Index behind the piece in hand. */
    int to() {
        return to;
    }

    /** Blanks and comments before the statement, or at the end of the script. */
    String comments() {
        return new String(buffer, from, token - from, charset);
    }

    /** The piece in hand from its first token on. */
    String text() {
        return new String(buffer, token, to - token, charset);
    }

    /** The piece in hand from its first token on, as it stands, and a newline. */
    byte[] line() {
        byte[] line = Arrays.copyOfRange(buffer, token, to + 1);
        line[to - token] = '\n';
        return line;
    }

    /** The first words of the statement. */
    List<String> words() {
        return PostgresWords.of(buffer, token, to, HEAD_WORDS, charset);
    }

    /** Reads the rows behind a {@code COPY ... FROM stdin;}, up to and with the line {@code \.} that ends them. */
    void rows(RowSink sink) throws IOException {
        skipLineEnd();
        boolean rowBegins = true;
        int scanned = to;
        while (true) {
            int newline = newline(scanned);
            if (newline >= 0) {
                int count = newline + 1 - to;
                if (rowBegins && count == 3 && buffer[to] == '\\' && buffer[to + 1] == '.') {
                    to = newline + 1;
                    return;
                }
                sink.row(buffer, to, count, true);
                to = newline + 1;
                scanned = to;
                rowBegins = true;
                continue;
            }
            if (limit - to == BUFFER_BYTES) {
                sink.row(buffer, to, BUFFER_BYTES, false);
                to = limit;
                rowBegins = false;
            }
            from = to;
            scanned = limit - from;
            if (!fill()) {
                throw early("in the middle of a table");
            }
        }
    }

    private int newline(int scanned) {
        byte[] bytes = buffer;
        int end = limit;
        for (int i = scanned; i < end; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }

    private void skipLineEnd() throws IOException {
        from = to;
        if (from == limit && !fill()) {
            throw early("in the middle of a table");
        }
        to = from + 1;
    }

    /** Of the statement in hand; everything is comment while there is none. */
    private int firstToken() {
        return lexer.firstToken() < 0 ? to - from : (int) lexer.firstToken();
    }

    /** Reads more behind what is in the buffer from {@code from} on, which moves to its beginning. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, from, buffer, 0, limit - from);
        limit -= from;
        to -= from;
        from = 0;
        int count = in.read(buffer, limit, Math.min(READ_BYTES, BUFFER_BYTES - limit));
        if (count < 0) {
            return false;
        }
        limit += count;
        return true;
    }

    private static Failure early(String where) {
        return new Failure(
                ExitCode.DUMP_FAILED,
                "the output of pg_dump ended early, " + where,
                "look into the server's log for the session that ended, and run it again");
    }
}
