package io.github.bpipe.writer.pick.postgres;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.writer.pick.Malformed;
import io.github.bpipe.writer.pick.UnitBuffer;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;

/** Takes the data blocks of one table apart: {@code COPY t (columns) FROM stdin;}, a line for each row, {@code \.}. */
final class CopyReader implements UnitBuffer.Parser {
    /** Takes what was found. */
    interface Sink {
        /**
         * A COPY begins.
         *
         * @param statement without its semicolon
         * @return the row to fill
         */
        CopyRow copy(String statement) throws IOException;

        void row(CopyRow row) throws IOException;
    }

    private final Sink sink;
    private Charset charset;
    private BlockHead head;
    private CopyRow row;

    CopyReader(Sink sink) {
        this.sink = sink;
    }

    /** The block that is parsed next. */
    void enter(BlockHead next, Charset ofScript) {
        head = next;
        charset = ofScript;
    }

    /** A block that does not go on has ended. */
    void leave() throws Failure {
        if (row != null) {
            throw Malformed.block(head, "a COPY has no end");
        }
    }

    @Override
    public int parse(byte[] bytes, int to) throws IOException {
        int at = 0;
        while (at < to) {
            int end = row == null ? copy(bytes, at, to) : line(bytes, at, to);
            if (end < 0) {
                return at;
            }
            at = end;
        }
        return to;
    }

    private int line(byte[] bytes, int from, int to) throws IOException {
        int end = from;
        while (end < to && bytes[end] != '\n') {
            end++;
        }
        if (end == to) {
            return -1;
        }
        if (end - from == 2 && bytes[from] == '\\' && bytes[from + 1] == '.') {
            row = null;
        } else if (row.take(bytes, from, end)) {
            sink.row(row);
        } else {
            throw Malformed.block(head, "a row has another number of fields than COPY has columns");
        }
        return end + 1;
    }

    /** Reads the statement up to its semicolon outside of quoted names, and the newline; index behind it. */
    private int copy(byte[] bytes, int from, int to) throws IOException {
        boolean quoted = false;
        for (int i = from; i + 1 < to; i++) {
            quoted ^= bytes[i] == '"';
            if (bytes[i] == ';' && !quoted) {
                String statement = new String(Arrays.copyOfRange(bytes, from, i), charset);
                if (!statement.startsWith("COPY ")) {
                    throw Malformed.block(head, "no COPY where one should begin");
                }
                row = sink.copy(statement);
                return i + 2;
            }
        }
        return -1;
    }
}
