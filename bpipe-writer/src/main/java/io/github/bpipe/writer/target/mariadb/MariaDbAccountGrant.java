package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbNamePattern;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.SqlToken;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A line of SHOW GRANTS from the header of a stream: on the whole database, on something in it, or of a role.
 *
 * @param statement as the dumped server said it
 * @param database the token that names the database, or null in the grant of a role
 * @param whole true where it is on the whole database, whose name is a pattern then
 */
record MariaDbAccountGrant(String statement, SqlToken database, boolean whole) {
    static MariaDbAccountGrant parse(String statement) {
        List<SqlToken> tokens = MySqlTokenizer.tokens(statement.getBytes(StandardCharsets.UTF_8));
        int depth = 0;
        boolean on = false;
        for (int i = 0; i + 2 < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            if (token.isSign('(')) {
                depth++;
            } else if (token.isSign(')')) {
                depth--;
            }
            on |= depth == 0 && token.isWord("ON");
            // between ON and the name stands what it is: PROCEDURE, FUNCTION, PACKAGE BODY
            if (on && token.isName() && tokens.get(i + 1).isSign('.')) {
                return new MariaDbAccountGrant(
                        statement, token, tokens.get(i + 2).isSign('*'));
            }
        }
        return new MariaDbAccountGrant(statement, null, false);
    }

    /** True where the server refuses it as long as the table or routine is not there. */
    boolean needsObject() {
        return database != null && !whole;
    }

    /** The statement for a database of that name; as it is where that is the one it names already. */
    String on(String live) {
        if (database == null || matches(live)) {
            return statement;
        }
        String name = whole ? live.replaceAll("([\\\\_%])", "\\\\$1") : live;
        byte[] bytes = statement.getBytes(StandardCharsets.UTF_8);
        return text(bytes, 0, database.from())
                + MariaDbClients.identifier(name)
                + text(bytes, database.to(), bytes.length);
    }

    private boolean matches(String live) {
        return whole
                ? MariaDbNamePattern.matches(database.text(), live)
                : database.text().equals(live);
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
