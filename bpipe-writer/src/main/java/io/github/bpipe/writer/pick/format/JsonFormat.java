package io.github.bpipe.writer.pick.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.Row;
import io.github.bpipe.writer.pick.RowHandler;
import io.github.bpipe.writer.pick.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One array, an object for each row on a line of its own. Numbers keep every digit, bytes are base64; the array is
 * closed only by {@link #end}, so that what comes of a damaged stream is no JSON.
 */
public final class JsonFormat implements RowHandler {
    /** What JSON calls a number; a server may print zeros before it (ZEROFILL). */
    private static final Pattern NUMBER = Pattern.compile("(-?)0*((0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?)");

    private final JsonGenerator json;
    private final CharBuffer piece = CharBuffer.allocate(8 << 10);
    private Table table;

    public JsonFormat(OutputStream out) throws IOException {
        json = new JsonFactory()
                .createGenerator(out)
                .disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM)
                .setPrettyPrinter(new RowOnALine());
        json.writeStartArray();
    }

    @Override
    public void table(Table next) {
        table = next;
    }

    @Override
    public void row(Row row) throws IOException {
        json.writeStartObject();
        int i = 0;
        for (Column column : table.columns()) {
            json.writeFieldName(column.name());
            if (row.isNull(i)) {
                json.writeNull();
            } else {
                value(row, i, column);
            }
            i++;
        }
        json.writeEndObject();
    }

    /** The stream has proven whole. */
    public void end() throws IOException {
        json.writeEndArray();
        json.writeRaw('\n');
        json.flush();
    }

    private void value(Row row, int i, Column column) throws IOException {
        byte[] value = row.value(i);
        if (row.kind(i) == Kind.BYTES) {
            json.writeBinary(value);
            return;
        }
        requireUtf8(value, column);
        switch (row.kind(i)) {
            case NUMBER -> number(new String(value, StandardCharsets.UTF_8));
            case BOOLEAN -> json.writeBoolean(value.length == 1 && value[0] == 't');
            default -> json.writeUTF8String(value, 0, value.length);
        }
    }

    private void number(String text) throws IOException {
        Matcher number = NUMBER.matcher(text);
        if (number.matches()) {
            json.writeNumber(number.group(1) + number.group(2));
        } else {
            json.writeString(text);
        }
    }

    /** Piece by piece, because a text of 64 MiB takes three times as much as a string. */
    private void requireUtf8(byte[] value, Column column) throws Failure {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(value);
        CoderResult result = CoderResult.OVERFLOW;
        while (result.isOverflow()) {
            result = decoder.decode(bytes, piece.clear(), true);
        }
        if (result.isError()) {
            throw new Failure(
                    ExitCode.UNSUPPORTED_STREAM,
                    "the column " + column.name() + " of " + table.name() + " holds bytes of no known encoding, which"
                            + " JSON cannot carry",
                    "use --format csv or sql");
        }
    }
}
