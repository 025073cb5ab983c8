package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * In which order the tables stand in a dump: the large ones first, the largest of them before all. A restore makes the
 * keys of a table when its rows are there, in one session however large it is, so that those of the largest would
 * otherwise be made at the end, while every other session has nothing left to do.
 *
 * @param names of all tables, views and sequences; empty for the order of the dump program, by name
 */
record MariaDbTableOrder(List<String> names) {
    /** The order of the dump program itself. */
    static final MariaDbTableOrder BY_NAME = new MariaDbTableOrder(List.of());

    /** Smaller tables have their keys within a second. */
    static final long LARGE_BYTES = 16 << 20;

    /** Of all arguments of a program, Linux takes 2 MiB at least. */
    private static final long MOST_ARGUMENT_BYTES = 1 << 20;

    private static final int MOST_BYTES_OF_A_CHARACTER = 4;

    /** The dump program does not find others by name: it escapes them once too often. */
    private static final Pattern SPEAKABLE = Pattern.compile("[\\p{L}\\p{N}_$.# -]+");

    MariaDbTableOrder {
        names = List.copyOf(names);
    }

    /**
     * The best order for these.
     *
     * @param tables by name
     * @param largeBytes from which size on a table is large
     */
    static MariaDbTableOrder of(List<MariaDbTable> tables, long largeBytes) {
        List<MariaDbTable> large = large(tables, largeBytes);
        long argumentBytes = tables.stream()
                .mapToLong(table -> (long) table.name().length() * MOST_BYTES_OF_A_CHARACTER + 1)
                .sum();
        boolean speakable = tables.stream()
                .allMatch(table -> SPEAKABLE.matcher(table.name()).matches());
        if (large.isEmpty() || argumentBytes > MOST_ARGUMENT_BYTES || !speakable) {
            return BY_NAME;
        }
        return new MariaDbTableOrder(Stream.concat(large.stream(), tables.stream())
                .map(MariaDbTable::name)
                .distinct()
                .toList());
    }

    /** Those of at least so many bytes, the largest first. */
    static List<MariaDbTable> large(List<MariaDbTable> tables, long bytes) {
        return tables.stream()
                .filter(table -> table.bytes() >= bytes)
                .sorted(Comparator.comparingLong(MariaDbTable::bytes).reversed())
                .toList();
    }

    /** Whether the dump program finds the table by its name. */
    static boolean isSpeakable(MariaDbTable table) {
        return SPEAKABLE.matcher(table.name()).matches();
    }

    /** Whether a dump of these names, now that its snapshot is taken, is one of the whole database. */
    boolean isWhole(SqlSession session, String database) throws IOException {
        return names.isEmpty()
                || Set.copyOf(session.column("SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                + MariaDbClients.literal(database)))
                        .equals(new HashSet<>(names));
    }
}
