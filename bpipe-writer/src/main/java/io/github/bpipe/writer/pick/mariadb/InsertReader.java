package io.github.bpipe.writer.pick.mariadb;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.SqlToken;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.writer.pick.Malformed;
import io.github.bpipe.writer.pick.UnitBuffer;
import io.github.bpipe.writer.pick.mariadb.InsertRow.Form;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes the data blocks of MariaDB and MySQL apart: {@code INSERT INTO t [(columns)] VALUES (...),(...);} in the usual
 * SQL mode, which is the one that the dump programs set. Other statements (settings) are passed over.
 */
final class InsertReader implements UnitBuffer.Parser {
    /** Takes what was found. */
    interface Sink {
        /**
         * An INSERT begins.
         *
         * @param columns that it names, or null
         * @return the row to fill
         */
        InsertRow insert(List<String> columns) throws IOException;

        void row(InsertRow row) throws IOException;
    }

    private static final int CUT_OFF = -1;
    private static final byte[] VALUES = {'V', 'A', 'L', 'U', 'E', 'S'};

    private final Sink sink;
    private BlockHead head;
    private InsertRow row;
    private boolean inValues;

    InsertReader(Sink sink) {
        this.sink = sink;
    }

    /** The block that is parsed next. */
    void enter(BlockHead next) throws Failure {
        head = next;
    }

    /** A block that does not go on has ended. */
    void leave() throws Failure {
        if (inValues) {
            throw malformed("an INSERT has no end");
        }
    }

    @Override
    public int parse(byte[] bytes, int to) throws IOException {
        int at = 0;
        while (true) {
            at = skipBlanks(bytes, at, to);
            if (at == to) {
                return to;
            }
            int next = inValues ? tuple(bytes, at, to) : statement(bytes, at, to);
            if (next == CUT_OFF) {
                return at;
            }
            at = next;
        }
    }

    private int tuple(byte[] bytes, int at, int to) throws IOException {
        switch (bytes[at]) {
            case ',' -> {
                return at + 1;
            }
            case ';' -> {
                inValues = false;
                return at + 1;
            }
            case '(' -> {
                int end = values(bytes, at + 1, to);
                if (end != CUT_OFF) {
                    sink.row(row);
                }
                return end;
            }
            default -> throw malformed("no row where one should begin");
        }
    }

    /** Reads the literals up to the closing parenthesis; index behind it. */
    private int values(byte[] bytes, int from, int to) throws Failure {
        row.begin(bytes);
        int at = from;
        while (at < to) {
            if (row.isFull()) {
                throw malformed("a row has more values than the table has columns");
            }
            at = literal(bytes, at, to);
            if (at == CUT_OFF || at >= to) {
                return CUT_OFF;
            }
            byte separator = bytes[at++];
            if (separator == ')') {
                if (!row.isFull()) {
                    throw malformed("a row has fewer values than the table has columns");
                }
                return at;
            }
            if (separator != ',') {
                throw malformed("no comma behind a value");
            }
        }
        return CUT_OFF;
    }

    private int literal(byte[] bytes, int at, int to) throws Failure {
        byte first = bytes[at];
        if (first == '\'') {
            return string(bytes, at, at, to);
        }
        int end = at;
        while (end < to && bytes[end] != ',' && bytes[end] != ')' && bytes[end] != '\'') {
            end++;
        }
        if (end == to) {
            return CUT_OFF;
        }
        if (bytes[end] == '\'') {
            return prefixed(bytes, at, end, to);
        }
        if (first == '0' && end - at > 2 && bytes[at + 1] == 'x') {
            row.add(Form.HEX, at, at + 2, end);
        } else if (first == '0' && end - at > 2 && bytes[at + 1] == 'b') {
            row.add(Form.BITS, at, at + 2, end);
        } else if (end - at == 4 && first == 'N' && bytes[at + 1] == 'U') {
            row.add(Form.NULL, at, at, end);
        } else if (end == at) {
            throw malformed("a value is missing");
        } else {
            row.add(Form.BARE, at, at, end);
        }
        return end;
    }

    /** {@code _binary '...'}, {@code x'...'}, {@code b'...'}. */
    private int prefixed(byte[] bytes, int begin, int quote, int to) throws Failure {
        Form form =
                switch (bytes[begin]) {
                    case '_' -> Form.STRING;
                    case 'x', 'X' -> Form.HEX;
                    case 'b', 'B' -> Form.BITS;
                    default -> throw malformed("an unknown literal");
                };
        if (form == Form.STRING) {
            return string(bytes, begin, quote, to);
        }
        int end = quote + 1;
        while (end < to && bytes[end] != '\'') {
            end++;
        }
        if (end == to) {
            return CUT_OFF;
        }
        row.add(form, begin, quote + 1, end);
        return end + 1;
    }

    private int string(byte[] bytes, int begin, int quote, int to) {
        boolean escaped = false;
        int i = quote + 1;
        while (i < to) {
            byte b = bytes[i];
            if (b == '\\') {
                escaped = true;
                i += 2;
            } else if (b != '\'') {
                i++;
            } else if (i + 1 == to) {
                return CUT_OFF;
            } else if (bytes[i + 1] == '\'') {
                escaped = true;
                i += 2;
            } else {
                row.add(escaped ? Form.ESCAPED : Form.STRING, begin, quote + 1, i);
                return i + 1;
            }
        }
        return CUT_OFF;
    }

    private int statement(byte[] bytes, int at, int to) throws IOException {
        if (bytes[at] == ';') {
            return at + 1;
        }
        if (bytes[at] == '#' || bytes[at] == '-') {
            return behind(bytes, at, to, (byte) '\n');
        }
        boolean insert = bytes[at] == 'I' || bytes[at] == 'R';
        return insert ? insert(bytes, at, to) : behind(bytes, at, to, (byte) ';');
    }

    private int insert(byte[] bytes, int from, int to) throws IOException {
        for (int at = from; at + VALUES.length < to; at++) {
            byte b = bytes[at];
            if (b == '`') {
                at = behind(bytes, at + 1, to, b) - 1;
                if (at < 0) {
                    return CUT_OFF;
                }
            } else if (b == 'V' && Arrays.equals(bytes, at, at + VALUES.length, VALUES, 0, VALUES.length)) {
                row = sink.insert(columns(Arrays.copyOfRange(bytes, from, at)));
                inValues = true;
                return at + VALUES.length;
            }
        }
        return CUT_OFF;
    }

    /** The names in the parentheses, or null where there are none. */
    private static List<String> columns(byte[] insert) {
        List<String> names = null;
        for (SqlToken token : MySqlTokenizer.tokens(insert)) {
            if (token.isSign('(')) {
                names = new ArrayList<>();
            } else if (names != null && token.isName()) {
                names.add(token.text());
            }
        }
        return names;
    }

    private static int behind(byte[] bytes, int from, int to, byte end) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == end) {
                return i + 1;
            }
        }
        return CUT_OFF;
    }

    private static int skipBlanks(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && (bytes[at] == '\n' || bytes[at] == ' ' || bytes[at] == '\r' || bytes[at] == '\t')) {
            at++;
        }
        return at;
    }

    private Failure malformed(String what) {
        return Malformed.block(head, what);
    }
}
