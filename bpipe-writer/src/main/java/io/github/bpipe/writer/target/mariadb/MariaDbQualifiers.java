package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.SqlToken;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Finds where a definition names its own schema although the dump names none elsewhere. The server prints the schema in
 * sequence functions always, and in a view as soon as the view uses a stored function or another schema; in the heading
 * of a trigger it repeats what was typed. The bodies of routines, triggers and events are the application's own text.
 */
final class MariaDbQualifiers {
    private static final Set<String> SEQUENCE_FUNCTIONS = Set.of("nextval", "lastval", "setval");
    private static final Set<String> TABLE_FOLLOWS = Set.of("from", "join", "straight_join");

    private final String schema;

    MariaDbQualifiers(String schema) {
        this.schema = schema;
    }

    /** In the definition of a table, or in one expression of it: sequence functions only. */
    List<SqlToken> inTable(List<SqlToken> tokens) {
        List<SqlToken> found = new ArrayList<>();
        for (int i = 2; i + 2 < tokens.size(); i++) {
            if (qualifies(tokens, i) && isSequence(tokens, i)) {
                found.add(tokens.get(i));
            }
        }
        return found;
    }

    /**
     * In the definition of a view. A name of two parts may also be an alias and its column, where the alias is called
     * like the schema: only its place tells.
     */
    List<SqlToken> inView(List<SqlToken> tokens) {
        List<SqlToken> found = new ArrayList<>();
        for (int i = 1; i + 2 < tokens.size(); i++) {
            if (!qualifies(tokens, i)) {
                continue;
            }
            boolean threeParts = i + 3 < tokens.size() && tokens.get(i + 3).isSign('.');
            boolean function = i + 3 < tokens.size() && tokens.get(i + 3).isSign('(');
            if (threeParts || function || isSequence(tokens, i) || isTable(tokens, i)) {
                found.add(tokens.get(i));
            }
        }
        return found;
    }

    /** In the heading of a trigger: before its own name and before its table's. */
    List<SqlToken> inTriggerHeading(List<SqlToken> tokens) {
        List<SqlToken> found = new ArrayList<>();
        boolean heading = false;
        for (int i = 1; i + 2 < tokens.size(); i++) {
            heading |= tokens.get(i - 1).isWord("trigger");
            if (heading && qualifies(tokens, i)) {
                found.add(tokens.get(i));
            }
            if (heading && tokens.get(i).isWord("each")) {
                break;
            }
        }
        return found;
    }

    private boolean qualifies(List<SqlToken> tokens, int i) {
        return tokens.get(i).isName()
                && tokens.get(i).text().equals(schema)
                && tokens.get(i + 1).isSign('.')
                && !tokens.get(i - 1).isSign('.');
    }

    private static boolean isSequence(List<SqlToken> tokens, int i) {
        return i >= 2
                && tokens.get(i - 1).isSign('(')
                && SEQUENCE_FUNCTIONS.contains(tokens.get(i - 2).text().toLowerCase(java.util.Locale.ROOT));
    }

    private static boolean isTable(List<SqlToken> tokens, int i) {
        int before = i - 1;
        while (before > 0 && tokens.get(before).isSign('(')) {
            before--;
        }
        SqlToken word = tokens.get(before);
        return word.kind() == SqlToken.Kind.WORD
                && TABLE_FOLLOWS.contains(word.text().toLowerCase(java.util.Locale.ROOT));
    }
}
