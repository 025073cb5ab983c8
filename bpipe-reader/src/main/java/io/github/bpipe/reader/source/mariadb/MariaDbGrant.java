package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.MariaDbNamePattern;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.SqlToken;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * One line of SHOW GRANTS that gives privileges on everything, a database, a table or a routine; those on columns are left
 * out.
 *
 * @param privileges in upper case
 * @param database pattern of names as it was granted, or {@code *}
 * @param table name, also of a routine, or {@code *}
 */
record MariaDbGrant(Set<String> privileges, String database, String table) {

    /** Null for a line that grants a role or a proxy. */
    static MariaDbGrant parse(String line) {
        List<SqlToken> tokens = MySqlTokenizer.tokens(line.getBytes(StandardCharsets.UTF_8));
        Set<String> privileges = new TreeSet<>();
        List<String> words = new ArrayList<>();
        int depth = 0;
        boolean columns = false;
        for (int i = 1; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.isSign('(')) {
                columns = true;
                depth++;
            } else if (token.isSign(')')) {
                depth--;
            } else if (depth == 0 && (token.isSign(',') || token.isWord("ON"))) {
                if (!columns) {
                    privileges.add(String.join(" ", words).toUpperCase(Locale.ROOT));
                }
                words.clear();
                columns = false;
                if (token.isWord("ON")) {
                    return on(privileges, tokens, i + 1);
                }
            } else if (depth == 0) {
                words.add(token.text());
            }
        }
        return null;
    }

    private static MariaDbGrant on(Set<String> privileges, List<SqlToken> tokens, int start) {
        int i = start;
        // PROCEDURE, FUNCTION, PACKAGE BODY
        while (i + 1 < tokens.size()
                && tokens.get(i).kind() == SqlToken.Kind.WORD
                && tokens.get(i + 1).isName()) {
            i++;
        }
        boolean object = i + 2 < tokens.size() && tokens.get(i + 1).isSign('.');
        return object
                ? new MariaDbGrant(
                        privileges, tokens.get(i).text(), tokens.get(i + 2).text())
                : null;
    }

    boolean hasAny(String... names) {
        return Set.of(names).stream().anyMatch(privileges::contains);
    }

    boolean isGlobal() {
        return database.equals("*") && table.equals("*");
    }

    /** True when it is on all tables of that database. */
    boolean coversDatabase(String name) {
        return table.equals("*") && !isGlobal() && MariaDbNamePattern.matches(database, name);
    }

    boolean isOnTable(String databaseName, String tableName) {
        return table.equals(tableName) && MariaDbNamePattern.matches(database, databaseName);
    }
}
