package io.github.bpipe.core.php;

/**
 * A word of PHP code.
 *
 * @param text decoded for {@link Kind#STRING}, without {@code $} for {@link Kind#VARIABLE}, else as it stands there
 * @param line from 1
 */
record PhpToken(Kind kind, String text, int line) {
    /** What kind of word. */
    enum Kind {
        VARIABLE,
        NAME,
        STRING,
        INTEGER,
        DECIMAL,
        SYMBOL,
        /** Text that is known only while PHP runs: with variables in it, or the output of a command. */
        OPAQUE,
        END
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isName(String name) {
        return kind == Kind.NAME && text.equalsIgnoreCase(name);
    }

    boolean isVariable(String name) {
        return kind == Kind.VARIABLE && text.equals(name);
    }

    /** For messages; never the contents of a string, which may be a secret. */
    String describe() {
        return switch (kind) {
            case VARIABLE -> "$" + text;
            case STRING, OPAQUE -> "a string";
            case END -> "the end of the file";
            default -> text;
        };
    }
}
