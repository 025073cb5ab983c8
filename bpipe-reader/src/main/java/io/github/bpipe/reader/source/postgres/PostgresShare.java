package io.github.bpipe.reader.source.postgres;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a large table that one session reads in one go.
 *
 * @param from first page
 * @param to page behind the last one, or {@value #OPEN} for the last share of a table, so that no row is left out whatever
 *     the table has grown to
 */
record PostgresShare(PostgresLargeTable table, long from, long to) {
    private static final long OPEN = -1;
    /** Below it, a condition on the place of a row makes the server read the whole table each time. */
    private static final int FIRST_WITH_RANGES = 14;

    /** So many for each session that all of them end at nearly the same time. */
    private static final long FOR_EACH_SESSION = 4;

    /**
     * Shares of tables, in the order of the tables.
     *
     * @param smallest bytes of a part of a table
     */
    static List<PostgresShare> of(List<PostgresLargeTable> tables, int sessions, int serverMajor, long smallest) {
        long total = tables.stream().mapToLong(PostgresLargeTable::bytes).sum();
        long fair = Math.max(smallest, total / (FOR_EACH_SESSION * sessions));
        List<PostgresShare> shares = new ArrayList<>();
        for (PostgresLargeTable table : tables) {
            long most = serverMajor < FIRST_WITH_RANGES ? 1 : table.pages();
            long count = Math.max(1, Math.min(most, table.bytes() / fair));
            for (long i = 0; i < count; i++) {
                long to = i == count - 1 ? OPEN : table.pages() * (i + 1) / count;
                shares.add(new PostgresShare(table, table.pages() * i / count, to));
            }
        }
        return shares;
    }

    /** The statement that prints the rows. */
    String copyTo() {
        if (from == 0 && to == OPEN) {
            return "COPY " + table.name() + " (" + table.columns() + ") TO STDOUT;\n";
        }
        String end = to == OPEN ? "" : " AND ctid < '(" + to + ",0)'";
        return "COPY (SELECT " + table.columns() + " FROM ONLY " + table.name() + " WHERE ctid >= '(" + from + ",0)'"
                + end + ") TO STDOUT;\n";
    }
}
