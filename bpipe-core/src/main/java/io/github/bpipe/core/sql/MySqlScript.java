package io.github.bpipe.core.sql;

import io.github.bpipe.core.sql.MySqlStatement.Assignment;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Cuts a script for the {@code mariadb} or {@code mysql} client into units (see {@link MySqlScanner}) and says what each
 * one does. It follows {@code SET sql_mode}, because that decides what a backslash and a double quote mean.
 *
 * <p>The calls to the listener depend on the bytes alone, not on how many of them arrive at once, except for the sizes
 * of the parts.
 */
public final class MySqlScript {
    /** Takes the units, one after the other. */
    public interface Listener {
        /** A unit begins; its bytes follow. */
        void begin(MySqlStatement statement) throws IOException;

        /** The next bytes of the unit, valid during the call. */
        void part(byte[] bytes, int from, int count) throws IOException;

        /**
         * The unit is whole.
         *
         * @param groups as {@link MySqlScanner#groups}
         */
        void end(long groups) throws IOException;
    }

    /** How many bytes of a unit decide what it is; more than any name, definer and heading take together. */
    private static final int HEAD_BYTES = 16 << 10;

    /** More than stand before the rows of an INSERT: a modifier, the table, and what tells whether columns are named. */
    private static final int TOKENS_OF_ROWS = 12;

    private final Listener listener;
    private final MySqlScanner scanner = new MySqlScanner();
    private final Map<String, String> variables = new HashMap<>();
    private final byte[] head = new byte[HEAD_BYTES];
    private int headLength;
    private boolean announced;
    private String sqlMode = "";

    public MySqlScript(Listener listener) {
        this.listener = listener;
    }

    /** Takes the next bytes of the script. */
    public void feed(byte[] bytes, int from, int count) throws IOException {
        int to = from + count;
        int at = from;
        while (at < to) {
            int next = scanner.scan(bytes, at, to);
            take(bytes, at, next - at);
            if (scanner.complete()) {
                end();
            }
            at = next;
        }
    }

    /**
     * The script has ended: ends the unit in hand, which may hold nothing but comments.
     *
     * @return false when the script ended in the middle of a statement
     */
    public boolean finish() throws IOException {
        boolean whole = scanner.betweenUnits();
        if (whole && (headLength > 0 || announced)) {
            end();
        }
        return whole;
    }

    /** The SQL mode at this place of the script, where it was set by it; else empty. */
    public String sqlMode() {
        return sqlMode;
    }

    /** True where the SQL mode at this place of the script leaves backslashes and double quotes their usual meaning. */
    public boolean quotesAsUsual() {
        return scanner.quoting().equals(MySqlQuoting.USUAL);
    }

    private void take(byte[] bytes, int from, int count) throws IOException {
        int toHead = announced ? 0 : Math.min(count, head.length - headLength);
        System.arraycopy(bytes, from, head, headLength, toHead);
        headLength += toHead;
        if (headLength == head.length && !announced) {
            announce(statement());
        }
        if (announced && count > toHead) {
            listener.part(bytes, from + toHead, count - toHead);
        }
    }

    private void end() throws IOException {
        if (!announced) {
            MySqlStatement statement = statement();
            announce(statement);
            if (statement.verb() == Verb.SET) {
                statement.assignments().forEach(this::follow);
            }
        }
        announced = false;
        headLength = 0;
        listener.end(scanner.groups());
    }

    private void announce(MySqlStatement statement) throws IOException {
        announced = true;
        listener.begin(statement);
        listener.part(head, 0, headLength);
    }

    private MySqlStatement statement() {
        if (scanner.complete() && !scanner.statement()) {
            return MySqlStatement.none();
        }
        // rows, which most of a dump consists of, are known by their first words
        MySqlStatement rows =
                MySqlStatement.of(MySqlTokenizer.first(TOKENS_OF_ROWS, head, 0, headLength, scanner.quoting()));
        return rows.verb() == Verb.INSERT
                ? rows
                : MySqlStatement.of(MySqlTokenizer.tokens(head, 0, headLength, scanner.quoting()));
    }

    private void follow(Assignment assignment) {
        if (assignment.saves()) {
            String value = assignment.value().toLowerCase(Locale.ROOT);
            if (value.equals("@@sql_mode") || value.equals("@@session.sql_mode")) {
                variables.put(assignment.target().toLowerCase(Locale.ROOT), sqlMode);
            }
        } else if (assignment.target().equals("sql_mode")) {
            sqlMode = assignment.restores()
                    ? variables.getOrDefault(assignment.value().toLowerCase(Locale.ROOT), "")
                    : assignment.value();
            scanner.quoting(MySqlQuoting.of(sqlMode));
        }
    }
}
