package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.SqlToken;
import java.util.ArrayList;
import java.util.List;

/**
 * One item of the list in a {@code CREATE TABLE} as the server prints it: a column, a key, a constraint.
 *
 * @param kind what it is
 * @param comma index of the comma before it; -1 for the first one
 * @param tokens of it, without comments and the marks of executable ones
 */
record MariaDbTableItem(Kind kind, int comma, List<SqlToken> tokens) {
    /** Kinds of items. */
    enum Kind {
        COLUMN,
        PRIMARY_KEY,
        UNIQUE_KEY,
        KEY,
        FULLTEXT_KEY,
        SPATIAL_KEY,
        FOREIGN_KEY,
        CHECK,
        PERIOD,
        /** Whatever else a server may print one day. */
        OTHER
    }

    private static final int FIRST = -1;
    private static final int NONE = -2;

    /** Index of its first byte. */
    int from() {
        return tokens.get(0).from();
    }

    /** Index behind its last byte. */
    int to() {
        return tokens.get(tokens.size() - 1).to();
    }

    boolean has(String word) {
        return tokens.stream().anyMatch(token -> token.isWord(word));
    }

    /** The first column of a key, or null where it begins with an expression. */
    String firstColumn() {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (tokens.get(i).isSign('(')) {
                return tokens.get(i + 1).kind() == SqlToken.Kind.NAME
                        ? tokens.get(i + 1).text()
                        : null;
            }
        }
        return null;
    }

    /**
     * Takes a definition apart.
     *
     * @param all tokens of the statement
     * @return the items; empty for a statement that has no such list, or cuts an item in two by an executable comment
     */
    static List<MariaDbTableItem> of(List<SqlToken> all) {
        List<MariaDbTableItem> items = new ArrayList<>();
        List<SqlToken> item = new ArrayList<>();
        int depth = 0;
        int marks = 0;
        int comma = NONE;
        for (SqlToken token : all) {
            if (token.isSign(')')) {
                depth--;
            }
            boolean ends = depth == 0 && comma != NONE && token.isSign(')');
            if (ends || (depth == 1 && token.isSign(','))) {
                if (marks != 0 || item.isEmpty()) {
                    return List.of();
                }
                items.add(new MariaDbTableItem(kind(item), comma, List.copyOf(item)));
                item.clear();
                comma = token.from();
            } else if (token.kind() == SqlToken.Kind.MARK) {
                marks += depth == 0 ? 0 : token.text().startsWith("/") ? 1 : -1;
            } else if (depth > 0 && token.kind() != SqlToken.Kind.COMMENT) {
                item.add(token);
            }
            if (ends) {
                return items;
            }
            if (token.isSign('(')) {
                comma = depth == 0 ? FIRST : comma;
                depth++;
            }
        }
        return List.of();
    }

    private static Kind kind(List<SqlToken> tokens) {
        SqlToken first = tokens.get(0);
        if (first.kind() == SqlToken.Kind.NAME) {
            return Kind.COLUMN;
        }
        String second = tokens.size() > 1 ? tokens.get(1).text() : "";
        return switch (first.text().toUpperCase(java.util.Locale.ROOT)) {
            case "PRIMARY" -> Kind.PRIMARY_KEY;
            case "UNIQUE" -> Kind.UNIQUE_KEY;
            case "KEY" -> Kind.KEY;
            case "FULLTEXT" -> Kind.FULLTEXT_KEY;
            case "SPATIAL" -> Kind.SPATIAL_KEY;
            case "CHECK" -> Kind.CHECK;
            case "PERIOD" -> Kind.PERIOD;
            case "CONSTRAINT" -> constraint(tokens, second);
            default -> Kind.OTHER;
        };
    }

    private static Kind constraint(List<SqlToken> tokens, String name) {
        if (tokens.size() < 3 || name.isEmpty()) {
            return Kind.OTHER;
        }
        if (tokens.get(2).isWord("foreign")) {
            return Kind.FOREIGN_KEY;
        }
        return tokens.get(2).isWord("check") ? Kind.CHECK : Kind.OTHER;
    }
}
