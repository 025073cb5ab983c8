package io.github.bpipe.core.sql;

/**
 * Finds where the units of a script for the {@code mariadb} or {@code mysql} client end, in bytes that arrive in
 * portions of any size.
 *
 * <p>A unit is a statement with its delimiter, a {@code DELIMITER} line, or the line that enables the sandbox mode of the
 * client; each with the blanks and comments before it and the line end behind it. What the client and the server do
 * decides what is a comment (see {@link MySqlComment}); a backslash escapes in strings, unless the SQL mode says
 * otherwise, and never in backquoted names.
 */
final class MySqlScanner {
    private enum State {
        START,
        DELIMITER_WORD,
        DELIMITER_LINE,
        COMMAND_LINE,
        CODE,
        QUOTED,
        ESCAPED,
        COMMENT,
        DELIMITER,
        BEHIND
    }

    private final DelimiterLine delimiterLine = new DelimiterLine();
    private final MySqlComment comment = new MySqlComment();
    private byte[] delimiter = {';'};
    /** True for the bytes of code that mean something to the scanner. */
    private boolean[] special = special(delimiter[0]);

    private MySqlQuoting quoting = MySqlQuoting.USUAL;

    private State state = State.START;
    private boolean complete;
    private boolean statement = true;
    /** True once the unit holds more than blanks and comments. */
    private boolean begun;

    private byte quote;
    private boolean quoteEscapes;
    private int matched;
    private int depth;
    private long groups;

    /** Tells what the SQL mode means for quotes, from here on. */
    void quoting(MySqlQuoting newQuoting) {
        quoting = newQuoting;
    }

    MySqlQuoting quoting() {
        return quoting;
    }

    /**
     * Takes bytes up to the end of the unit in hand, or all of them.
     *
     * @return where the next call has to begin: behind the unit when it is {@link #complete}, else {@code to}
     */
    int scan(byte[] bytes, int from, int to) {
        if (complete) {
            beginUnit();
        }
        int i = from;
        while (i < to && !complete) {
            i = switch (state) {
                case CODE -> code(bytes, i, to);
                case QUOTED -> quoted(bytes, i, to);
                case COMMAND_LINE -> commandLine(bytes, i, to);
                case COMMENT -> comment(bytes, i, to);
                default -> step(bytes[i]) ? i + 1 : i;
            };
        }
        return i;
    }

    /** True when the last call of {@link #scan} ended a unit. */
    boolean complete() {
        return complete;
    }

    /** True unless the complete unit is a {@code DELIMITER} line or the sandbox line, which are for the client alone. */
    boolean statement() {
        return statement;
    }

    /** True when the script may end here: nothing but blanks and comments stands behind the last unit. */
    boolean betweenUnits() {
        boolean open = state == State.COMMENT && comment.unfinished();
        return complete || state == State.BEHIND || (!begun && !open);
    }

    /** How many parentheses of the outermost level were closed in the unit: in an INSERT, its column list and its rows. */
    long groups() {
        return groups;
    }

    private void beginUnit() {
        complete = false;
        statement = true;
        begun = false;
        depth = 0;
        groups = 0;
        state = State.START;
    }

    private int code(byte[] bytes, int from, int to) {
        boolean[] marked = special;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (marked[b & 0xff]) {
                if (b == '(') {
                    depth++;
                } else if (b == ')') {
                    close();
                } else {
                    state = afterSpecial(b);
                    return i + 1;
                }
            }
        }
        return to;
    }

    private int quoted(byte[] bytes, int from, int to) {
        byte end = quote;
        boolean escapes = quoteEscapes;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == end) {
                // a doubled quote closes and opens again
                state = State.CODE;
                return i + 1;
            }
            if (b == '\\' && escapes) {
                state = State.ESCAPED;
                return i + 1;
            }
        }
        return to;
    }

    private int commandLine(byte[] bytes, int from, int to) {
        int next = comment.scan(bytes, from, to);
        complete = comment.found() == MySqlComment.Found.COMMENT;
        return next;
    }

    private int comment(byte[] bytes, int from, int to) {
        int next = comment.scan(bytes, from, to);
        begun |= comment.behindCode();
        switch (comment.found()) {
            case OPEN -> {}
            case COMMENT -> state = begun ? State.CODE : State.START;
            case CODE -> state = codeState();
            case COMMAND -> state = begun ? State.CODE : command();
        }
        return next;
    }

    private State command() {
        begun = true;
        statement = false;
        // its line ends as that of a comment does
        comment.begin((byte) '#');
        return State.COMMAND_LINE;
    }

    /** Takes one byte in a state that lasts only a few; false when the byte belongs to the next state. */
    private boolean step(byte b) {
        return switch (state) {
            case START -> start(b);
            case ESCAPED -> next(State.QUOTED);
            case DELIMITER -> delimiter(b);
            case DELIMITER_WORD -> delimiterWord(b);
            case DELIMITER_LINE -> delimiterLine(b);
            case BEHIND -> behind(b);
            case CODE, QUOTED, COMMAND_LINE, COMMENT ->
                throw new IllegalStateException("state " + state + " has its own loop");
        };
    }

    private boolean start(byte b) {
        if (SqlBytes.isBlank(b)) {
            return true;
        }
        if (delimiterLine.begins(b)) {
            begun = true;
            return next(State.DELIMITER_WORD);
        }
        if (MySqlComment.begins(b)) {
            state = afterSpecial(b);
            return true;
        }
        return again(codeState());
    }

    /** Where a special byte of code other than a parenthesis leads. */
    private State afterSpecial(byte b) {
        if (b == delimiter[0]) {
            matched = 1;
            begun = true;
            return endOfDelimiter();
        }
        return afterOrdinary(b);
    }

    private State afterOrdinary(byte b) {
        return switch (b) {
            case '\'', '"', '`' -> {
                quote = b;
                quoteEscapes = quoting.escapesIn(b);
                begun = true;
                yield State.QUOTED;
            }
            case '-', '/', '#' -> {
                comment.begin(b);
                yield State.COMMENT;
            }
            default -> codeState();
        };
    }

    private boolean delimiter(byte b) {
        if (b == delimiter[matched]) {
            matched++;
            state = endOfDelimiter();
            return true;
        }
        return again(afterOrdinary(delimiter[matched - 1]));
    }

    private State endOfDelimiter() {
        return matched == delimiter.length ? State.BEHIND : State.DELIMITER;
    }

    private boolean delimiterWord(byte b) {
        return switch (delimiterLine.word(b)) {
            case GOES_ON -> true;
            case ENDS -> next(State.DELIMITER_LINE);
            case DIFFERS -> again(State.CODE);
        };
    }

    private boolean delimiterLine(byte b) {
        if (delimiterLine.ends(b)) {
            delimiter = delimiterLine.delimiter(delimiter);
            special = special(delimiter[0]);
            statement = false;
            complete = true;
        }
        return true;
    }

    private boolean behind(byte b) {
        if (b == '\n') {
            complete = true;
            return true;
        }
        if (b == ' ' || b == '\t' || b == '\r') {
            return true;
        }
        complete = true;
        return false;
    }

    private void close() {
        if (depth > 0 && --depth == 0) {
            groups++;
        }
    }

    private State codeState() {
        begun = true;
        return State.CODE;
    }

    private boolean next(State newState) {
        state = newState;
        return true;
    }

    private boolean again(State newState) {
        state = newState;
        return false;
    }

    private static boolean[] special(byte delimiterByte) {
        boolean[] marked = new boolean[256];
        for (byte b : new byte[] {'\'', '"', '`', '-', '/', '#', '(', ')', delimiterByte}) {
            marked[b & 0xff] = true;
        }
        return marked;
    }
}
