package io.github.bpipe.reader.source.mariadb;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts which tables several sessions read, and how many of them still do. The monitor is the caller's. */
final class MariaDbTableParts {
    private final Map<String, Integer> left = new HashMap<>();

    MariaDbTableParts(List<MariaDbShare> shares) {
        shares.stream()
                .filter(share -> share.table() != null)
                .forEach(share -> left.merge(share.table(), 1, Integer::sum));
    }

    /** One session has all its rows of the table; true for the last of them. */
    boolean end(String table) {
        return left.merge(table, -1, Integer::sum) <= 0;
    }
}
