package io.github.bpipe.writer.pick.postgres;

import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.Row;
import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * One line of {@code COPY} in text format (see PostgreSQL's manual, COPY, File Formats), decoded only when somebody
 * asks.
 */
final class CopyRow implements Row {
    private static final byte[] NULL = "NULL".getBytes(StandardCharsets.US_ASCII);

    private final List<Column> columns;
    private final Charset charset;
    private final int[] from;
    private final int[] to;
    private byte[] bytes;

    /**
     * @param charset of the script, or null to take text as it is
     */
    CopyRow(List<Column> columns, Charset charset) {
        this.columns = columns;
        this.charset = charset;
        this.from = new int[columns.size()];
        this.to = new int[columns.size()];
    }

    /**
     * Takes a line without its newline.
     *
     * @return false where it has not as many fields as there are columns
     */
    boolean take(byte[] block, int begin, int end) {
        bytes = block;
        if (columns.isEmpty()) {
            return begin == end;
        }
        int field = 0;
        int at = begin;
        for (int i = begin; i < end; i++) {
            if (block[i] == '\t') {
                if (field + 1 == from.length) {
                    return false;
                }
                from[field] = at;
                to[field] = i;
                field++;
                at = i + 1;
            }
        }
        from[field] = at;
        to[field] = end;
        return field + 1 == from.length;
    }

    @Override
    public Kind kind(int column) {
        return columns.get(column).kind();
    }

    @Override
    public boolean isNull(int column) {
        return to[column] - from[column] == 2 && bytes[from[column]] == '\\' && bytes[from[column] + 1] == 'N';
    }

    @Override
    public byte[] value(int column) {
        byte[] plain = unescaped(from[column], to[column]);
        if (kind(column) == Kind.BYTES) {
            return isHex(plain) ? fromHex(plain) : escapeFormat(plain);
        }
        return charset == null || charset.equals(StandardCharsets.UTF_8)
                ? plain
                : new String(plain, charset).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] literal(int column) {
        if (isNull(column)) {
            return NULL;
        }
        byte[] value = value(column);
        if (kind(column) == Kind.BYTES) {
            return ("'\\x" + HexFormat.of().formatHex(value) + "'").getBytes(StandardCharsets.US_ASCII);
        }
        ByteArrayOutputStream quoted = new ByteArrayOutputStream(value.length + 2);
        quoted.write('\'');
        for (byte b : value) {
            if (b == '\'') {
                quoted.write('\'');
            }
            quoted.write(b);
        }
        quoted.write('\'');
        return quoted.toByteArray();
    }

    private byte[] unescaped(int begin, int end) {
        int length = 0;
        for (int i = begin; i < end; i += isEscape(i, end) ? 2 : 1) {
            length++;
        }
        byte[] plain = new byte[length];
        int i = begin;
        for (int at = 0; at < length; at++) {
            boolean escape = isEscape(i, end);
            plain[at] = escape ? unescape(bytes[i + 1]) : bytes[i];
            i += escape ? 2 : 1;
        }
        return plain;
    }

    private boolean isEscape(int i, int end) {
        return bytes[i] == '\\' && i + 1 < end;
    }

    private static byte unescape(byte b) {
        return switch (b) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> 0x0B;
            default -> b;
        };
    }

    private static boolean isHex(byte[] plain) {
        return plain.length >= 2 && plain[0] == '\\' && plain[1] == 'x';
    }

    private static byte[] fromHex(byte[] plain) {
        if (plain.length % 2 != 0) {
            throw new IllegalArgumentException("an odd number of hexadecimal digits");
        }
        byte[] value = new byte[plain.length / 2 - 1];
        for (int i = 0; i < value.length; i++) {
            int digits = 2 * i + 2;
            value[i] = (byte) (HexFormat.fromHexDigit(plain[digits]) << 4 | HexFormat.fromHexDigit(plain[digits + 1]));
        }
        return value;
    }

    /** What {@code bytea_output = escape} prints: a backslash doubled, bytes beyond ASCII as three octal digits. */
    private static byte[] escapeFormat(byte[] plain) {
        ByteArrayOutputStream value = new ByteArrayOutputStream(plain.length);
        for (int i = 0; i < plain.length; i++) {
            if (plain[i] != '\\') {
                value.write(plain[i]);
            } else if (i + 1 < plain.length && plain[i + 1] == '\\') {
                value.write('\\');
                i++;
            } else {
                value.write(Integer.parseInt(new String(plain, i + 1, 3, StandardCharsets.US_ASCII), 8));
                i += 3;
            }
        }
        return value.toByteArray();
    }
}
