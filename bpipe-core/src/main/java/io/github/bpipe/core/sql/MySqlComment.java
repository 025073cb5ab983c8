package io.github.bpipe.core.sql;

/**
 * Reads on where code of MariaDB or MySQL holds a byte that may begin a comment ({@code -}, {@code /}, {@code #}), and
 * says what it was. {@code /*!} and {@code /*M!} open code, not a comment; {@code --} needs a blank behind it.
 */
final class MySqlComment {
    /** What the bytes so far are. */
    enum Found {
        /** Not to be told yet, or a comment that goes on. */
        OPEN,
        /** A comment, which ended with the last byte. */
        COMMENT,
        /** Code, which goes on with the next byte. */
        CODE,
        /** The version of a comment that is code, with a backslash as the next byte: a command to the client, or code. */
        COMMAND
    }

    private enum State {
        DASH,
        DASH_DASH,
        LINE,
        SLASH,
        SLASH_STAR,
        SLASH_STAR_M,
        VERSION,
        BLOCK,
        BLOCK_STAR
    }

    private State state;
    private Found found = Found.OPEN;
    private boolean behindCode;

    /** True for a byte that may begin a comment. */
    static boolean begins(byte b) {
        return b == '-' || b == '/' || b == '#';
    }

    /** Begins with a byte that {@link #begins}. */
    void begin(byte b) {
        found = Found.OPEN;
        behindCode = false;
        state = b == '-' ? State.DASH : b == '/' ? State.SLASH : State.LINE;
    }

    /**
     * Takes bytes until it is found what they are, or all of them.
     *
     * @return where to go on
     */
    int scan(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && found == Found.OPEN) {
            i = switch (state) {
                case LINE -> line(bytes, i, to);
                case BLOCK -> block(bytes, i, to);
                default -> step(bytes[i]) ? i + 1 : i;
            };
        }
        return i;
    }

    Found found() {
        return found;
    }

    /** True when a minus sign, which is code, stands before the comment: {@code ---}. */
    boolean behindCode() {
        return behindCode;
    }

    /** True when a script must not end here. */
    boolean unfinished() {
        return found == Found.OPEN && state != State.LINE;
    }

    private int line(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                found = Found.COMMENT;
                return i + 1;
            }
        }
        return to;
    }

    private int block(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '*') {
                state = State.BLOCK_STAR;
                return i + 1;
            }
        }
        return to;
    }

    /** Takes one byte in a state that lasts only a few; false when the byte belongs to what follows. */
    private boolean step(byte b) {
        return switch (state) {
            case DASH -> b == '-' ? next(State.DASH_DASH) : end(Found.CODE);
            case DASH_DASH -> dashDash(b);
            case SLASH -> b == '*' ? next(State.SLASH_STAR) : end(Found.CODE);
            case SLASH_STAR -> slashStar(b);
            case SLASH_STAR_M -> b == '!' ? next(State.VERSION) : again(State.BLOCK);
            case VERSION -> SqlBytes.isDigit(b) || end(b == '\\' ? Found.COMMAND : Found.CODE);
            case BLOCK_STAR -> blockStar(b);
            case LINE, BLOCK -> throw new IllegalStateException("state " + state + " has its own loop");
        };
    }

    private boolean dashDash(byte b) {
        if (b == '-') {
            behindCode = true;
            return true;
        }
        return SqlBytes.isBlank(b) ? again(State.LINE) : end(Found.CODE);
    }

    private boolean slashStar(byte b) {
        return switch (b) {
            case '!' -> next(State.VERSION);
            case 'M' -> next(State.SLASH_STAR_M);
            default -> again(State.BLOCK);
        };
    }

    private boolean blockStar(byte b) {
        if (b == '/') {
            found = Found.COMMENT;
            return true;
        }
        return b == '*' || next(State.BLOCK);
    }

    private boolean end(Found what) {
        found = what;
        return false;
    }

    private boolean next(State newState) {
        state = newState;
        return true;
    }

    private boolean again(State newState) {
        state = newState;
        return false;
    }
}
