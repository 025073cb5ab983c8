package io.github.bpipe.writer.pick;

import java.util.List;

/**
 * A table whose rows follow.
 *
 * @param asked the name by which it was asked for
 * @param name as it stands in a statement of the engine, quoted where needed
 * @param columns in the order of the values of its rows
 */
public record Table(String asked, String name, List<Column> columns) {
    /** Index of the column of that name, or -1. */
    public int index(String column) {
        for (int i = 0; i < columns.size(); i++) {
            if (columns.get(i).name().equals(column)) {
                return i;
            }
        }
        return -1;
    }
}
