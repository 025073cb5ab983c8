package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.sql.SqlToken;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.writer.target.mariadb.MariaDbTableItem.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The secondary keys and foreign keys of the tables, which are made when the rows are there: a key is then sorted once
 * instead of being searched for each row.
 *
 * <p>The server prints keys in an order of its own, by class and within that by age, so what is added later stands where
 * it was if no key that stays is younger: where a key must stay, those before it stay too. Foreign keys come last of
 * all, because each needs keys of two tables. Nothing is lost where a table is not understood: its keys stay.
 */
final class MariaDbLateKeys {
    /**
     * What is to be added to a table.
     *
     * @param head of the block that defines it
     * @param keys statements that add its keys
     * @param foreignKeys statements that add its foreign keys
     */
    record Late(BlockHead head, String table, List<String> keys, List<String> foreignKeys) {}

    /** Bytes to be left out of a definition. */
    record Gap(int from, int to) {}

    private static final Set<Kind> SECONDARY =
            EnumSet.of(Kind.UNIQUE_KEY, Kind.KEY, Kind.FULLTEXT_KEY, Kind.SPATIAL_KEY);

    private final Map<String, Late> tables = new LinkedHashMap<>();
    private BlockHead head;

    /** Definitions from here on come from that block. */
    void enter(BlockHead block) {
        head = block;
    }

    /** What was left out, by table. */
    List<Late> tables() {
        return List.copyOf(tables.values());
    }

    /**
     * What to leave out of a definition; remembers it.
     *
     * @param definition the statement, in the usual SQL mode
     * @param tokens all of its tokens
     */
    List<Gap> leaveOut(String table, byte[] definition, List<SqlToken> tokens) {
        List<MariaDbTableItem> items = MariaDbTableItem.of(tokens);
        tables.remove(table);
        if (!isInnoDb(tokens)) {
            return List.of();
        }
        List<MariaDbTableItem> keys = late(items);
        List<MariaDbTableItem> foreign =
                items.stream().filter(item -> item.kind() == Kind.FOREIGN_KEY).toList();
        if (!keys.isEmpty() || !foreign.isEmpty()) {
            tables.put(
                    table,
                    new Late(
                            head,
                            table,
                            statements(table, definition, keys),
                            foreign.isEmpty() ? List.of() : List.of(alter(table, definition, foreign))));
        }
        List<Gap> gaps = new ArrayList<>();
        keys.forEach(item -> gaps.add(new Gap(item.comma(), item.to())));
        foreign.forEach(item -> gaps.add(new Gap(item.comma(), item.to())));
        return gaps;
    }

    /** Other engines copy the whole table to add a key. */
    private static boolean isInnoDb(List<SqlToken> tokens) {
        for (int i = tokens.size() - 3; i >= 0; i--) {
            if (tokens.get(i).isWord("engine")) {
                return tokens.get(i + 2).isWord("innodb");
            }
        }
        return false;
    }

    /** The keys behind the last one that must stay. */
    private static List<MariaDbTableItem> late(List<MariaDbTableItem> items) {
        if (items.stream().anyMatch(item -> item.kind() == Kind.OTHER)) {
            return List.of();
        }
        String leading = items.stream()
                .filter(item -> item.kind() == Kind.PRIMARY_KEY)
                .map(item -> String.valueOf(item.firstColumn()))
                .findFirst()
                .orElse(null);
        String counted = items.stream()
                .filter(item -> item.kind() == Kind.COLUMN && item.has("auto_increment"))
                .map(item -> lower(item.tokens().get(0).text()))
                .findFirst()
                .orElse(null);
        boolean needsKey = counted != null && (leading == null || !counted.equals(lower(leading)));
        List<MariaDbTableItem> late = new ArrayList<>();
        for (MariaDbTableItem item : items) {
            if (!SECONDARY.contains(item.kind())) {
                continue;
            }
            late.add(item);
            boolean counts = needsKey && item.firstColumn() != null && counted.equals(lower(item.firstColumn()));
            if (counts || (item.kind() == Kind.UNIQUE_KEY && (leading == null || isCopied(item)))) {
                late.clear();
                needsKey &= !counts;
            }
        }
        return late;
    }

    /** True for a unique key that the server adds only by copying the whole table. */
    private static boolean isCopied(MariaDbTableItem item) {
        return item.has("hash") || item.has("overlaps");
    }

    /**
     * Each full-text key has a statement of its own, since the server makes one at a time; the first of them makes it
     * rebuild the table, so they come before the others, of which the server makes any number in one pass.
     */
    private static List<String> statements(String table, byte[] definition, List<MariaDbTableItem> keys) {
        List<String> statements = new ArrayList<>();
        List<MariaDbTableItem> others = new ArrayList<>();
        for (MariaDbTableItem key : keys) {
            if (key.kind() == Kind.FULLTEXT_KEY) {
                statements.add(alter(table, definition, List.of(key)));
            } else {
                others.add(key);
            }
        }
        if (!others.isEmpty()) {
            statements.add(alter(table, definition, others));
        }
        return statements;
    }

    private static String alter(String table, byte[] definition, List<MariaDbTableItem> items) {
        return "ALTER TABLE " + MariaDbClients.identifier(table)
                + String.join(
                        ",",
                        items.stream()
                                .map(item -> "\n  ADD "
                                        + new String(
                                                definition,
                                                item.from(),
                                                item.to() - item.from(),
                                                StandardCharsets.UTF_8))
                                .toList())
                + ";\n";
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
