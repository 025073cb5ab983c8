package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.SqlToken;
import io.github.bpipe.writer.target.mariadb.MariaDbTableItem.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The tables that take the strings of their rows as bytes: all their text is UTF-8, and no column reads bytes otherwise
 * than text, as UUID and INET6 do. From any thread.
 */
final class MariaDbByteTables {
    private static final Set<String> UTF8 = Set.of("utf8mb4", "utf8mb3", "utf8");

    private static final Set<String> TYPES = Set.of(
            "tinyint",
            "smallint",
            "mediumint",
            "int",
            "bigint",
            "decimal",
            "float",
            "double",
            "bit",
            "date",
            "time",
            "datetime",
            "timestamp",
            "year",
            "char",
            "varchar",
            "tinytext",
            "text",
            "mediumtext",
            "longtext",
            "binary",
            "varbinary",
            "tinyblob",
            "blob",
            "mediumblob",
            "longblob",
            "enum",
            "set");

    private final Set<String> tables = ConcurrentHashMap.newKeySet();

    /**
     * Looks at a definition. Where it is not understood, the table is none of these.
     *
     * @param tokens all of them
     */
    void define(String table, List<SqlToken> tokens) {
        tables.remove(table);
        List<MariaDbTableItem> columns = MariaDbTableItem.of(tokens).stream()
                .filter(item -> item.kind() == Kind.COLUMN)
                .toList();
        if (!columns.isEmpty()
                && columns.stream().allMatch(MariaDbByteTables::takesBytes)
                && UTF8.contains(charset(tokens))) {
            tables.add(table);
        }
    }

    boolean contains(String table) {
        return tables.contains(table);
    }

    private static boolean takesBytes(MariaDbTableItem column) {
        List<SqlToken> tokens = column.tokens();
        boolean known = tokens.size() > 1 && TYPES.contains(lower(tokens.get(1)));
        for (int i = 0; known && i + 2 < tokens.size(); i++) {
            boolean charset =
                    tokens.get(i).isWord("character") && tokens.get(i + 1).isWord("set");
            known = !charset || UTF8.contains(lower(tokens.get(i + 2)));
        }
        // of a compressed column it was never seen
        return known && !column.has("compressed");
    }

    /** Of the table, which its columns have where they name none; the server always prints it, near the end. */
    private static String charset(List<SqlToken> tokens) {
        for (int i = tokens.size() - 3; i >= 0; i--) {
            if (tokens.get(i).isWord("charset") && tokens.get(i + 1).isSign('=')) {
                return lower(tokens.get(i + 2));
            }
        }
        return "";
    }

    private static String lower(SqlToken token) {
        return token.kind() == SqlToken.Kind.WORD ? token.text().toLowerCase(Locale.ROOT) : "";
    }
}
