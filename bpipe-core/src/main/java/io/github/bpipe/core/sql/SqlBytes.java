package io.github.bpipe.core.sql;

/** What bytes are in the SQL of the MySQL family, in any character set that agrees with ASCII. */
final class SqlBytes {
    private static final int DELETE = 0x7f;

    private SqlBytes() {}

    /** True for blanks and control characters, any of which makes a comment of {@code --}. */
    static boolean isBlank(int b) {
        return (b >= 0 && b <= ' ') || b == DELETE;
    }

    static boolean isDigit(int b) {
        return b >= '0' && b <= '9';
    }

    /** True for what an unquoted name may hold. */
    static boolean isWord(int b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || isDigit(b)
                || b == '_'
                || b == '$'
                || (b & 0x80) != 0;
    }

    static int lower(int b) {
        return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
    }
}
