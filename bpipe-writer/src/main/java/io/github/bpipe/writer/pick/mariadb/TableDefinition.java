package io.github.bpipe.writer.pick.mariadb;

import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.SqlToken;
import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The columns of a {@code CREATE TABLE} as MariaDB and MySQL print it: each begins with its quoted name, everything else
 * between the parentheses with a word.
 */
final class TableDefinition {
    private static final Set<String> NUMBERS =
            Set.of("tinyint", "smallint", "mediumint", "int", "bigint", "decimal", "float", "double", "bit", "year");

    private static final Set<String> BYTES = Set.of(
            "binary",
            "varbinary",
            "tinyblob",
            "blob",
            "mediumblob",
            "longblob",
            "geometry",
            "point",
            "linestring",
            "polygon",
            "multipoint",
            "multilinestring",
            "multipolygon",
            "geometrycollection",
            "geomcollection",
            "vector");

    private TableDefinition() {}

    static List<Column> columns(byte[] statement) {
        List<SqlToken> tokens = MySqlTokenizer.tokens(statement).stream()
                .filter(SqlToken::isCode)
                .toList();
        List<Column> columns = new ArrayList<>();
        int depth = 0;
        for (int i = 0; i + 2 < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            boolean begins = depth == 0 ? token.isSign('(') : depth == 1 && token.isSign(',');
            depth += token.isSign('(') ? 1 : token.isSign(')') ? -1 : 0;
            if (begins && tokens.get(i + 1).kind() == SqlToken.Kind.NAME) {
                columns.add(new Column(
                        tokens.get(i + 1).text(), kind(tokens.get(i + 2).text())));
            }
            if (depth == 0 && !columns.isEmpty()) {
                // what follows are the table's own options and partitions
                break;
            }
        }
        return columns;
    }

    private static Kind kind(String type) {
        String lower = type.toLowerCase(Locale.ROOT);
        return NUMBERS.contains(lower) ? Kind.NUMBER : BYTES.contains(lower) ? Kind.BYTES : Kind.TEXT;
    }
}
