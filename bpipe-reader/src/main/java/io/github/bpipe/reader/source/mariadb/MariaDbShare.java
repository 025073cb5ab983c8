package io.github.bpipe.reader.source.mariadb;

import java.util.ArrayList;
import java.util.List;

/**
 * What one session reads.
 *
 * @param table the only one; null for all tables but {@code others}
 * @param where which of its rows, as a condition; null for all
 * @param others tables that other sessions read
 */
record MariaDbShare(String table, String where, List<String> others) {
    MariaDbShare {
        others = List.copyOf(others);
    }

    /** Some rows of one table, or all. */
    static MariaDbShare of(String table, String where) {
        return new MariaDbShare(table, where, List.of());
    }

    /** All tables but these. */
    static MariaDbShare rest(List<String> others) {
        return new MariaDbShare(null, null, others);
    }

    /** Options of the dump program, behind those that every dump has. */
    List<String> options(String database) {
        List<String> options = new ArrayList<>(List.of("--skip-routines", "--skip-events", "--skip-triggers"));
        if (where != null) {
            options.add("--where=" + where);
        }
        others.forEach(other -> options.add("--ignore-table=" + database + '.' + other));
        return options;
    }

    /** Tables to name behind the database; empty for all. */
    List<String> tables() {
        return table == null ? List.of() : List.of(table);
    }
}
