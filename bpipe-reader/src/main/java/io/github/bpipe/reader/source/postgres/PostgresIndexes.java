package io.github.bpipe.reader.source.postgres;

import java.util.List;
import java.util.Set;

/** Tells which statements of post-data make the indexes and key constraints of one table. */
final class PostgresIndexes {
    private static final Set<String> KEYS = Set.of("PRIMARY", "UNIQUE", "EXCLUDE");
    private static final Set<String> OF_THE_INDEX_BEFORE = Set.of("INDEX", "CONSTRAINT");

    private PostgresIndexes() {}

    /**
     * The table, or null for a statement that must keep its place.
     *
     * @param words that the statement begins with
     * @param before the table of the statement before, or null
     */
    static String table(List<String> words, String before) {
        String verb = words.get(0);
        if (verb.equals("CREATE")) {
            return createdIndex(words);
        }
        if (verb.equals("ALTER") && words.get(1).equals("TABLE")) {
            return alteredTable(words, before);
        }
        boolean belongsToBefore = (verb.equals("ALTER") && words.get(1).equals("INDEX") && !words.contains("ATTACH"))
                || (verb.equals("COMMENT") && OF_THE_INDEX_BEFORE.contains(words.get(2)));
        return belongsToBefore ? before : null;
    }

    /** {@code CREATE [UNIQUE] INDEX name ON [ONLY] table}. */
    private static String createdIndex(List<String> words) {
        int at = words.get(1).equals("UNIQUE") ? 2 : 1;
        if (!words.get(at).equals("INDEX") || !words.get(at + 2).equals("ON")) {
            return null;
        }
        return words.get(at + 3).equals("ONLY") ? words.get(at + 4) : words.get(at + 3);
    }

    /** {@code ALTER TABLE [ONLY] table ADD CONSTRAINT name PRIMARY|UNIQUE|EXCLUDE}, {@code CLUSTER}, {@code REPLICA}. */
    private static String alteredTable(List<String> words, String before) {
        int at = words.get(2).equals("ONLY") ? 3 : 2;
        String table = words.get(at);
        boolean addsKey = words.get(at + 1).equals("ADD")
                && words.get(at + 2).equals("CONSTRAINT")
                && words.size() > at + 4
                && KEYS.contains(words.get(at + 4));
        boolean marksIndex =
                (words.get(at + 1).equals("CLUSTER") || words.get(at + 1).equals("REPLICA")) && table.equals(before);
        return addsKey || marksIndex ? table : null;
    }
}
