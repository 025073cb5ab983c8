package io.github.bpipe.writer.pick.format;

import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.Row;
import io.github.bpipe.writer.pick.RowHandler;
import io.github.bpipe.writer.pick.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Comma-separated values as PostgreSQL's {@code COPY ... (FORMAT csv, HEADER)} writes them: NULL is nothing, an empty
 * text is {@code ""}, bytes are {@code \x} and hexadecimal digits.
 */
public final class CsvFormat implements RowHandler {
    private static final int PIECE_BYTES = 8 << 10;

    private final OutputStream out;
    private int columns;

    public CsvFormat(OutputStream out) {
        this.out = out;
    }

    @Override
    public void table(Table table) throws IOException {
        columns = table.columns().size();
        boolean first = true;
        for (Column column : table.columns()) {
            separate(first);
            field(column.name().getBytes(StandardCharsets.UTF_8));
            first = false;
        }
        out.write('\n');
    }

    @Override
    public void row(Row row) throws IOException {
        for (int i = 0; i < columns; i++) {
            separate(i == 0);
            if (row.isNull(i)) {
                continue;
            }
            byte[] value = row.value(i);
            if (row.kind(i) == Kind.BYTES) {
                bytes(value);
            } else {
                field(value);
            }
        }
        out.write('\n');
    }

    private void bytes(byte[] value) throws IOException {
        out.write('\\');
        out.write('x');
        for (int from = 0; from < value.length; from += PIECE_BYTES) {
            int to = Math.min(value.length, from + PIECE_BYTES);
            out.write(HexFormat.of().formatHex(value, from, to).getBytes(StandardCharsets.US_ASCII));
        }
    }

    private void separate(boolean first) throws IOException {
        if (!first) {
            out.write(',');
        }
    }

    private void field(byte[] value) throws IOException {
        if (!needsQuotes(value)) {
            out.write(value);
            return;
        }
        out.write('"');
        for (byte b : value) {
            if (b == '"') {
                out.write('"');
            }
            out.write(b);
        }
        out.write('"');
    }

    private static boolean needsQuotes(byte[] value) {
        // such a line would end the data for those who read it with COPY
        if (value.length == 0 || (value.length == 2 && value[0] == '\\' && value[1] == '.')) {
            return true;
        }
        for (byte b : value) {
            if (b == ',' || b == '"' || b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }
}
