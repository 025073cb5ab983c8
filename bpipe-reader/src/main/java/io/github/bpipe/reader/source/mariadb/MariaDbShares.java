package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * How the rows of a database are shared out: a session for each large table, several for one that is more than a fair
 * part of all, and one for everything else.
 */
final class MariaDbShares {
    /** The server has a session for each share, and begins all of them while nobody may commit. */
    private static final int MOST_SHARES_OF_A_JOB = 3;

    private static final String FIRST_KEY_COLUMN = """
            SELECT s.column_name FROM information_schema.statistics AS s JOIN information_schema.columns AS c
            ON c.table_schema = s.table_schema AND c.table_name = s.table_name AND c.column_name = s.column_name
            WHERE s.index_name = 'PRIMARY' AND s.seq_in_index = 1
            AND c.data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint')
            AND s.table_schema = DATABASE() AND s.table_name = %s""";

    private final SqlSession session;
    private final List<MariaDbShare> shares = new ArrayList<>();

    private MariaDbShares(SqlSession session) {
        this.session = session;
    }

    /**
     * Shares out; the largest table comes first.
     *
     * @param session in the database
     * @param tables all that the database has
     * @return nothing where no table is large
     */
    static List<MariaDbShare> of(SqlSession session, List<MariaDbTable> tables, MariaDbSharing sharing)
            throws IOException {
        int jobs = sharing.jobs();
        MariaDbShares made = new MariaDbShares(session);
        long all = tables.stream().mapToLong(MariaDbTable::bytes).sum();
        List<String> large = new ArrayList<>();
        for (MariaDbTable table : MariaDbTableOrder.large(tables, sharing.largeBytes())) {
            long parts = Math.min(jobs, 1 + table.bytes() * 2 * jobs / all);
            if (table.holdsRows()
                    && MariaDbTableOrder.isSpeakable(table)
                    && made.shares.size() + parts < (long) MOST_SHARES_OF_A_JOB * jobs) {
                made.share(table.name(), (int) parts);
                large.add(table.name());
            }
        }
        if (!large.isEmpty()) {
            made.shares.add(MariaDbShare.rest(large));
        }
        return made.shares;
    }

    /** By equal ranges of the primary key where that is a number; the first and the last are open, for rows of meanwhile. */
    private void share(String table, int parts) throws IOException {
        List<String> columns = session.column(FIRST_KEY_COLUMN.formatted(MariaDbClients.literal(table)));
        if (parts == 1 || columns.isEmpty()) {
            shares.add(MariaDbShare.of(table, null));
            return;
        }
        String column = MariaDbClients.identifier(columns.get(0));
        List<String> ends = session.query("SELECT IFNULL(MIN(" + column + "), 0), IFNULL(MAX(" + column + "), 0) FROM "
                        + MariaDbClients.identifier(table))
                .get(0);
        BigInteger first = new BigInteger(ends.get(0));
        BigInteger width = new BigInteger(ends.get(1)).subtract(first);
        String from = "";
        for (int part = 1; part < parts; part++) {
            BigInteger to = first.add(width.multiply(BigInteger.valueOf(part)).divide(BigInteger.valueOf(parts)));
            shares.add(MariaDbShare.of(table, from + column + " < " + to));
            from = column + " >= " + to + " AND ";
        }
        shares.add(MariaDbShare.of(table, from.substring(0, from.length() - " AND ".length())));
    }
}
