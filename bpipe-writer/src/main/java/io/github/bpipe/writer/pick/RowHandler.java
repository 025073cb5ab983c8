package io.github.bpipe.writer.pick;

import java.io.IOException;

/**
 * Takes the rows of the tables that were asked for. Where several were, and several sessions made the dump, tables take
 * turns: one that comes again is named again.
 */
public interface RowHandler {
    /** Rows of this table follow, or none. */
    void table(Table table) throws IOException;

    /** A row of the table that was named last. */
    void row(Row row) throws IOException;
}
