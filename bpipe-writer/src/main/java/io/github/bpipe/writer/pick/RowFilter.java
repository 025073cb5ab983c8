package io.github.bpipe.writer.pick;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Lets those rows through in which every condition {@code column=value} holds: the value as CSV prints it, without
 * quotes. NULL equals nothing.
 */
public final class RowFilter implements RowHandler {
    private final List<String> conditions;
    private final RowHandler next;
    private int[] columns;
    private byte[][] values;

    public RowFilter(List<String> conditions, RowHandler next) {
        this.conditions = List.copyOf(conditions);
        this.next = next;
    }

    @Override
    public void table(Table table) throws IOException {
        columns = new int[conditions.size()];
        values = new byte[conditions.size()][];
        for (int i = 0; i < conditions.size(); i++) {
            String condition = conditions.get(i);
            columns[i] = column(table, condition);
            String name = table.columns().get(columns[i]).name();
            values[i] = condition.substring(name.length() + 1).getBytes(StandardCharsets.UTF_8);
        }
        next.table(table);
    }

    @Override
    public void row(Row row) throws IOException {
        for (int i = 0; i < columns.length; i++) {
            if (row.isNull(columns[i]) || !Arrays.equals(values[i], printed(row, columns[i]))) {
                return;
            }
        }
        next.row(row);
    }

    private static byte[] printed(Row row, int column) throws IOException {
        byte[] value = row.value(column);
        return row.kind(column) == Kind.BYTES
                ? ("\\x" + HexFormat.of().formatHex(value)).getBytes(StandardCharsets.US_ASCII)
                : value;
    }

    /** The column with the longest name that the condition begins with, since names may hold an equals sign. */
    private static int column(Table table, String condition) throws Failure {
        int longest = -1;
        for (int i = 0; i < table.columns().size(); i++) {
            String name = table.columns().get(i).name();
            if (condition.startsWith(name + "=")
                    && (longest < 0
                            || name.length()
                                    > table.columns().get(longest).name().length())) {
                longest = i;
            }
        }
        if (longest < 0) {
            throw new Failure(
                    ExitCode.USAGE,
                    "no column of " + table.name() + " fits the condition " + condition,
                    "write it as 'column=value'; the columns are "
                            + table.columns().stream().map(Column::name).collect(Collectors.joining(", ")));
        }
        return longest;
    }
}
