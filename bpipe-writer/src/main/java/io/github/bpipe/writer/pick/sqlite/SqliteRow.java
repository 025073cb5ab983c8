package io.github.bpipe.writer.pick.sqlite;

import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HexFormat;

/** One row of a query; each value has the type that it is stored with. */
final class SqliteRow implements Row {
    private final Object[] values;

    SqliteRow(int columns) {
        this.values = new Object[columns];
    }

    void take(ResultSet rows) throws SQLException {
        for (int i = 0; i < values.length; i++) {
            values[i] = rows.getObject(i + 1);
        }
    }

    @Override
    public Kind kind(int column) {
        Object value = values[column];
        return value instanceof byte[] ? Kind.BYTES : value instanceof Number ? Kind.NUMBER : Kind.TEXT;
    }

    @Override
    public boolean isNull(int column) {
        return values[column] == null;
    }

    @Override
    public byte[] value(int column) {
        Object value = values[column];
        return value instanceof byte[] bytes ? bytes : String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] literal(int column) throws IOException {
        Object value = values[column];
        return literal(value).getBytes(StandardCharsets.UTF_8);
    }

    private static String literal(Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof byte[] bytes) {
            return "X'" + HexFormat.of().formatHex(bytes) + "'";
        }
        if (value instanceof Double number && number.isInfinite()) {
            return number > 0 ? "9e999" : "-9e999";
        }
        if (value instanceof Number) {
            return value.toString();
        }
        String text = value.toString();
        if (text.indexOf('\0') >= 0) {
            // a literal ends at such a character
            return "CAST(X'" + HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8)) + "' AS TEXT)";
        }
        return "'" + text.replace("'", "''") + "'";
    }
}
