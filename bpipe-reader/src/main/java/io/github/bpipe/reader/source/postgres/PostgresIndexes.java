package io.github.bpipe.reader.source.postgres;

import java.util.List;
import java.util.Set;

/**
 * Tells which statements of post-data make the indexes and key constraints of one table, in the order of the dump.
 *
 * <p>What is said about an index belongs to it only where it stands right behind it: the comment on the index of a key
 * comes among the indexes, far behind the key itself (seen with pg_dump 15).
 */
final class PostgresIndexes {
    private static final Set<String> KEYS = Set.of("PRIMARY", "UNIQUE", "EXCLUDE");

    private String table;
    /** Of the index or key that was made last, without its schema. */
    private String name;

    /**
     * The table, or null for a statement that must keep its place.
     *
     * @param words that the next statement begins with
     */
    String table(List<String> words) {
        table = tableOf(words);
        return table;
    }

    private String tableOf(List<String> words) {
        String verb = words.get(0);
        String object = words.get(1);
        if (verb.equals("CREATE")) {
            return createdIndex(words);
        }
        if (verb.equals("ALTER") && object.equals("TABLE")) {
            return alteredTable(words);
        }
        if (verb.equals("ALTER") && object.equals("INDEX")) {
            return isLast(words.get(2)) && !words.contains("ATTACH") ? table : null;
        }
        if (verb.equals("COMMENT") && words.get(2).equals("INDEX")) {
            return isLast(words.get(3)) ? table : null;
        }
        if (verb.equals("COMMENT") && words.get(2).equals("CONSTRAINT")) {
            return isLast(words.get(3)) && words.get(5).equals(table) ? table : null;
        }
        return null;
    }

    /** {@code CREATE [UNIQUE] INDEX name ON [ONLY] table}. */
    private String createdIndex(List<String> words) {
        int at = words.get(1).equals("UNIQUE") ? 2 : 1;
        if (!words.get(at).equals("INDEX") || !words.get(at + 2).equals("ON")) {
            return null;
        }
        name = words.get(at + 1);
        return words.get(at + 3).equals("ONLY") ? words.get(at + 4) : words.get(at + 3);
    }

    /** {@code ALTER TABLE [ONLY] table ADD CONSTRAINT name PRIMARY|UNIQUE|EXCLUDE}, {@code CLUSTER}, {@code REPLICA}. */
    private String alteredTable(List<String> words) {
        int at = words.get(2).equals("ONLY") ? 3 : 2;
        String altered = words.get(at);
        boolean addsKey = words.get(at + 1).equals("ADD")
                && words.get(at + 2).equals("CONSTRAINT")
                && words.size() > at + 4
                && KEYS.contains(words.get(at + 4));
        if (addsKey) {
            name = words.get(at + 3);
            return altered;
        }
        boolean marksIndex = (words.get(at + 1).equals("CLUSTER") && isLast(words.get(at + 3)))
                || (words.get(at + 1).equals("REPLICA") && words.contains("INDEX") && isLast(words.get(at + 5)));
        return marksIndex ? altered : null;
    }

    private boolean isLast(String index) {
        return table != null && (index.equals(name) || index.endsWith("." + name));
    }
}
