package io.github.bpipe.core.sql;

/**
 * Finds where the statements of a psql script end, by psql's own rules ({@code psqlscan.l}): a semicolon outside of
 * quotes, comments, parentheses and the {@code BEGIN ATOMIC ... END} of a routine; for a backslash command the end of
 * its line.
 *
 * <p>Works on bytes, which is right in every encoding that a server can have, and may be fed in pieces of any size. It
 * does not know {@code COPY ... FROM stdin}: whoever reads the script takes the rows out.
 */
public final class PostgresLexer {
    private enum State {
        CODE,
        WORD,
        MINUS,
        SLASH,
        STRING,
        ESCAPE_STRING,
        ESCAPE_STRING_BACKSLASH,
        ESCAPE_STRING_QUOTE,
        QUOTED_NAME,
        DOLLAR_TAG,
        DOLLAR_BODY,
        LINE_COMMENT,
        BLOCK_COMMENT,
        BLOCK_COMMENT_STAR,
        BLOCK_COMMENT_SLASH,
        BACKSLASH_COMMAND
    }

    private final RoutineBody routineBody = new RoutineBody();
    private final StringBuilder word = new StringBuilder();
    private final DollarQuote dollarQuote = new DollarQuote();

    private boolean standardStrings = true;
    private State state = State.CODE;
    private int parentheses;
    private int commentDepth;

    /** Bytes of the statement seen so far. */
    private long seen;
    /** Bytes of blanks and comments before the statement's first token; -1 while there is no token. */
    private long firstToken = -1;

    private boolean ended;

    /** What {@code standard_conforming_strings} is: off makes a backslash in a plain string an escape. */
    public void setStandardStrings(boolean on) {
        standardStrings = on;
    }

    /**
     * Looks for the end of the statement in hand. After an end the next call begins the next statement.
     *
     * @param bytes that follow those of the call before
     * @param from index of the first
     * @param to index behind the last
     * @return index behind the statement's last byte, or -1 where it goes on
     */
    public int end(byte[] bytes, int from, int to) {
        if (ended) {
            reset();
        }
        for (int i = skip(bytes, from, to); i < to; i = skip(bytes, i + 1, to)) {
            if (isEnd(bytes[i], seen + i - from)) {
                ended = true;
                return i + 1;
            }
        }
        seen += to - from;
        return -1;
    }

    /**
     * Where the first token begins, of the statement in hand or the one that has just ended, in bytes from the end of
     * the one before; -1 while there was none.
     */
    public long firstToken() {
        return firstToken;
    }

    /** True between statements: nothing but blanks and whole comments since the last one. */
    public boolean isBetweenStatements() {
        return ended || (firstToken < 0 && (state == State.CODE || state == State.LINE_COMMENT));
    }

    private void reset() {
        ended = false;
        state = State.CODE;
        parentheses = 0;
        seen = 0;
        firstToken = -1;
        routineBody.reset();
    }

    /** Index of the next byte that can mean something in this state. */
    private int skip(byte[] bytes, int from, int to) {
        int i = from;
        switch (state) {
            case STRING -> {
                while (i < to && bytes[i] != '\'') {
                    i++;
                }
            }
            case LINE_COMMENT, BACKSLASH_COMMAND -> {
                while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
                    i++;
                }
            }
            case DOLLAR_BODY -> {
                while (dollarQuote.awaitsDollar() && i < to && bytes[i] != '$') {
                    i++;
                }
            }
            default -> {
                // every byte means something
            }
        }
        return i;
    }

    private boolean isEnd(byte b, long at) {
        switch (state) {
            case CODE -> {
                return code(b, at);
            }
            case WORD -> {
                return word(b, at);
            }
            case MINUS -> {
                if (b == '-') {
                    state = State.LINE_COMMENT;
                    return false;
                }
                return operatorThen(b, at);
            }
            case SLASH -> {
                if (b == '*') {
                    state = State.BLOCK_COMMENT;
                    commentDepth = 1;
                    return false;
                }
                return operatorThen(b, at);
            }
            case DOLLAR_TAG -> {
                return dollarTag(b, at);
            }
            case ESCAPE_STRING_QUOTE -> {
                if (b == '\'') {
                    state = State.ESCAPE_STRING;
                    return false;
                }
                state = State.CODE;
                return code(b, at);
            }
            case BACKSLASH_COMMAND -> {
                return b == '\n';
            }
            default -> {
                quotedOrComment(b);
                return false;
            }
        }
    }

    private boolean code(byte b, long at) {
        switch (b) {
            case ' ', '\t', '\n', '\r', '\f', 0x0b -> {
                return false;
            }
            case '-' -> state = State.MINUS;
            case '/' -> state = State.SLASH;
            case '\\' -> state = firstToken < 0 ? State.BACKSLASH_COMMAND : State.CODE;
            case '\'' -> state = standardStrings ? State.STRING : State.ESCAPE_STRING;
            case '"' -> state = State.QUOTED_NAME;
            case '$' -> {
                state = State.DOLLAR_TAG;
                dollarQuote.begin();
            }
            case '(' -> parentheses++;
            case ')' -> parentheses = Math.max(0, parentheses - 1);
            case ';' -> {
                token(at);
                return parentheses == 0 && !routineBody.isOpen();
            }
            default -> {
                if (startsWord(b)) {
                    state = State.WORD;
                    word.setLength(0);
                    addToWord(b);
                }
            }
        }
        if (state != State.MINUS && state != State.SLASH) {
            token(at);
        }
        return false;
    }

    private boolean word(byte b, long at) {
        if (startsWord(b) || isDigit(b) || b == '$') {
            addToWord(b);
            return false;
        }
        if (b == '\'' && word.length() == 1 && word.charAt(0) == 'e') {
            state = State.ESCAPE_STRING;
            return false;
        }
        routineBody.word(word, parentheses);
        state = State.CODE;
        return code(b, at);
    }

    /** The minus or slash before this byte was no comment's beginning. */
    private boolean operatorThen(byte b, long at) {
        token(at - 1);
        state = State.CODE;
        return code(b, at);
    }

    private boolean dollarTag(byte b, long at) {
        if (dollarQuote.accepts(b)) {
            return false;
        }
        if (b == '$') {
            dollarQuote.open();
            state = State.DOLLAR_BODY;
            return false;
        }
        state = State.CODE;
        return code(b, at);
    }

    private void quotedOrComment(byte b) {
        switch (state) {
            case STRING -> state = b == '\'' ? State.CODE : State.STRING;
            case QUOTED_NAME -> state = b == '"' ? State.CODE : State.QUOTED_NAME;
            case ESCAPE_STRING -> {
                if (b == '\\') {
                    state = State.ESCAPE_STRING_BACKSLASH;
                } else if (b == '\'') {
                    state = State.ESCAPE_STRING_QUOTE;
                }
            }
            case ESCAPE_STRING_BACKSLASH -> state = State.ESCAPE_STRING;
            case DOLLAR_BODY -> state = dollarQuote.ends(b) ? State.CODE : State.DOLLAR_BODY;
            case LINE_COMMENT -> state = b == '\n' || b == '\r' ? State.CODE : State.LINE_COMMENT;
            default -> blockComment(b);
        }
    }

    private void blockComment(byte b) {
        if (state == State.BLOCK_COMMENT_STAR && b == '/') {
            commentDepth--;
            state = commentDepth == 0 ? State.CODE : State.BLOCK_COMMENT;
        } else if (state == State.BLOCK_COMMENT_SLASH && b == '*') {
            commentDepth++;
            state = State.BLOCK_COMMENT;
        } else if (b == '*') {
            state = State.BLOCK_COMMENT_STAR;
        } else {
            state = b == '/' ? State.BLOCK_COMMENT_SLASH : State.BLOCK_COMMENT;
        }
    }

    private void token(long at) {
        if (firstToken < 0) {
            firstToken = at;
        }
    }

    /** Keeps what is needed to know the word, in lower case. */
    private void addToWord(byte b) {
        if (word.length() <= RoutineBody.LONGEST_WORD) {
            word.append((char) (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b & 0xff));
        }
    }

    static boolean startsWord(byte b) {
        return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '_' || b < 0;
    }

    static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }
}
