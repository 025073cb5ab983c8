package io.github.bpipe.core.sql;

/**
 * One token of a statement.
 *
 * @param kind what it is
 * @param from index of its first byte
 * @param to index behind its last byte
 * @param text a word, variable or number as it stands; a quoted name or a string without its quotes and escapes
 */
public record SqlToken(Kind kind, int from, int to, String text) {
    /** Kinds of tokens; blanks make none. */
    public enum Kind {
        /** A keyword or an unquoted name. */
        WORD,
        /** A quoted name. */
        NAME,
        STRING,
        NUMBER,
        /** {@code @user_variable} or {@code @@system_variable}, with the signs. */
        VARIABLE,
        COMMENT,
        /** The beginning of an executable comment, {@code /*!50003}, or its end. */
        MARK,
        PUNCTUATION
    }

    /** False for comments, and for the marks of executable ones. */
    public boolean isCode() {
        return kind != Kind.COMMENT && kind != Kind.MARK;
    }

    /** True for that keyword, whatever its case. */
    public boolean isWord(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    /** True for that sign. */
    public boolean isSign(char sign) {
        return kind == Kind.PUNCTUATION && text.charAt(0) == sign;
    }

    /** True for what can be a name: a word or a quoted name. */
    public boolean isName() {
        return kind == Kind.WORD || kind == Kind.NAME;
    }
}
