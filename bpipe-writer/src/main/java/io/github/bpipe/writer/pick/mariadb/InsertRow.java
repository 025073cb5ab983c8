package io.github.bpipe.writer.pick.mariadb;

import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.Row;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** One tuple of an INSERT: where its literals stand in a block, decoded only when somebody asks. */
final class InsertRow implements Row {
    /** How a literal is written. */
    enum Form {
        NULL,
        /** A number or another bare word. */
        BARE,
        /** {@code '...'} without anything to undo. */
        STRING,
        /** {@code '...'} with escapes or doubled quotes. */
        ESCAPED,
        /** {@code 0x...} or {@code x'...'}. */
        HEX,
        /** {@code 0b...} or {@code b'...'}. */
        BITS
    }

    private static final byte[] EMPTY_BYTES = "''".getBytes(StandardCharsets.US_ASCII);

    private final List<Column> columns;
    private final Form[] forms;
    private final int[] literalFrom;
    private final int[] from;
    private final int[] to;
    private byte[] bytes;
    private int size;

    InsertRow(List<Column> columns) {
        this.columns = columns;
        this.forms = new Form[columns.size()];
        this.literalFrom = new int[columns.size()];
        this.from = new int[columns.size()];
        this.to = new int[columns.size()];
    }

    void begin(byte[] block) {
        bytes = block;
        size = 0;
    }

    boolean isFull() {
        return size == columns.size();
    }

    /**
     * Adds a literal.
     *
     * @param begin index of its first byte
     * @param contentFrom index of what stands between its quotes or behind its prefix
     * @param contentTo index behind that
     */
    void add(Form form, int begin, int contentFrom, int contentTo) {
        forms[size] = form;
        literalFrom[size] = begin;
        from[size] = contentFrom;
        to[size] = contentTo;
        size++;
    }

    @Override
    public Kind kind(int column) {
        return columns.get(column).kind();
    }

    @Override
    public boolean isNull(int column) {
        return forms[column] == Form.NULL;
    }

    @Override
    public byte[] value(int column) {
        return switch (forms[column]) {
            case NULL -> throw new IllegalArgumentException("NULL has no value");
            case BARE, STRING -> Arrays.copyOfRange(bytes, from[column], to[column]);
            case ESCAPED -> unescaped(column);
            case HEX -> number(column, 16, hex(column));
            case BITS -> number(column, 2, bits(column));
        };
    }

    @Override
    public byte[] literal(int column) throws IOException {
        if (kind(column) == Kind.BYTES && !isNull(column)) {
            byte[] value = value(column);
            return value.length == 0
                    ? EMPTY_BYTES
                    : ("0x" + HexFormat.of().formatHex(value)).getBytes(StandardCharsets.US_ASCII);
        }
        boolean quoted = to[column] < bytes.length && bytes[to[column]] == '\'' && forms[column] != Form.BARE;
        return Arrays.copyOfRange(bytes, literalFrom[column], to[column] + (quoted ? 1 : 0));
    }

    /** A BIT is a number, written as bytes. */
    private byte[] number(int column, int radix, byte[] value) {
        if (kind(column) != Kind.NUMBER) {
            return value;
        }
        return new BigInteger("0" + text(column), radix).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private String text(int column) {
        return new String(bytes, from[column], to[column] - from[column], StandardCharsets.US_ASCII);
    }

    private byte[] hex(int column) {
        int digits = to[column] - from[column];
        byte[] value = new byte[(digits + 1) / 2];
        int at = from[column];
        int i = 0;
        if (digits % 2 == 1) {
            value[i++] = (byte) Character.digit(bytes[at++], 16);
        }
        for (; i < value.length; i++) {
            value[i] = (byte) (Character.digit(bytes[at], 16) << 4 | Character.digit(bytes[at + 1], 16));
            at += 2;
        }
        return value;
    }

    private byte[] bits(int column) {
        int digits = to[column] - from[column];
        byte[] value = new byte[(digits + 7) / 8];
        for (int i = 0; i < digits; i++) {
            int place = digits - 1 - i;
            value[value.length - 1 - place / 8] |= (byte) (bytes[from[column] + i] == '1' ? 1 << place % 8 : 0);
        }
        return value;
    }

    private byte[] unescaped(int column) {
        byte[] plain = new byte[unescapedLength(column)];
        int i = from[column];
        for (int at = 0; at < plain.length; at++) {
            byte b = bytes[i];
            plain[at] = b == '\\' ? unescape(bytes[i + 1]) : b;
            i += isPair(b) ? 2 : 1;
        }
        return plain;
    }

    private int unescapedLength(int column) {
        int length = 0;
        for (int i = from[column]; i < to[column]; i += isPair(bytes[i]) ? 2 : 1) {
            length++;
        }
        return length;
    }

    /** A backslash and what it escapes; a quote can only be the first of two. */
    private static boolean isPair(byte b) {
        return b == '\\' || b == '\'';
    }

    private static byte unescape(byte b) {
        return switch (b) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case '0' -> 0;
            case 'Z' -> 26;
            default -> b;
        };
    }
}
