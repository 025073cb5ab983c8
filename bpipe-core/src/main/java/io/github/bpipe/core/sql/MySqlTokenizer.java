package io.github.bpipe.core.sql;

import io.github.bpipe.core.sql.SqlToken.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes a statement of MariaDB or MySQL apart, by the same rules as {@link MySqlScanner}; a statement that was cut off
 * ends with a token that was cut off.
 */
public final class MySqlTokenizer {
    private final byte[] bytes;
    private final int end;
    private final MySqlQuoting quoting;
    private final List<SqlToken> tokens = new ArrayList<>();
    private int at;

    private MySqlTokenizer(byte[] bytes, int from, int end, MySqlQuoting quoting) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
        this.quoting = quoting;
    }

    /** The tokens of a statement in the usual SQL mode, comments among them. */
    public static List<SqlToken> tokens(byte[] statement) {
        return tokens(statement, 0, statement.length, MySqlQuoting.USUAL);
    }

    /** The tokens of a statement in that SQL mode, comments among them. */
    public static List<SqlToken> tokens(byte[] statement, String sqlMode) {
        return tokens(statement, 0, statement.length, MySqlQuoting.of(sqlMode));
    }

    /**
     * The tokens of a statement, comments among them.
     *
     * @param to index behind its last byte
     */
    static List<SqlToken> tokens(byte[] bytes, int from, int to, MySqlQuoting quoting) {
        return new MySqlTokenizer(bytes, from, to, quoting).first(Integer.MAX_VALUE);
    }

    /** As {@link #tokens(byte[], int, int, MySqlQuoting)}, and no more of them than {@code most} and the comments between. */
    static List<SqlToken> first(int most, byte[] bytes, int from, int to, MySqlQuoting quoting) {
        return new MySqlTokenizer(bytes, from, to, quoting).first(most);
    }

    private List<SqlToken> first(int most) {
        int found = 0;
        while (at < end && found < most) {
            int b = bytes[at] & 0xff;
            if (SqlBytes.isBlank(b)) {
                at++;
            } else {
                token(b);
                found += tokens.get(tokens.size() - 1).isCode() ? 1 : 0;
            }
        }
        return tokens;
    }

    private void token(int b) {
        if (b == '#' || (b == '-' && peek(1) == '-' && SqlBytes.isBlank(peek(2)))) {
            add(Kind.COMMENT, lineEnd());
        } else if (b == '/' && peek(1) == '*') {
            commentOrMark();
        } else if (b == '*' && peek(1) == '/') {
            add(Kind.MARK, at + 2);
        } else if (b == '\'' || b == '"' || b == '`') {
            quoted((byte) b);
        } else if (b == '@') {
            add(Kind.VARIABLE, wordEnd(at + (peek(1) == '@' ? 2 : 1)));
        } else if (SqlBytes.isDigit(b)) {
            number();
        } else if (SqlBytes.isWord(b)) {
            add(Kind.WORD, wordEnd(at));
        } else {
            add(Kind.PUNCTUATION, at + 1);
        }
    }

    private void commentOrMark() {
        int sign = peek(2) == 'M' ? 3 : 2;
        if (peek(sign) == '!') {
            int i = at + sign + 1;
            while (i < end && SqlBytes.isDigit(bytes[i])) {
                i++;
            }
            add(Kind.MARK, i);
            return;
        }
        int i = at + 2;
        while (i < end && !(bytes[i] == '*' && i + 1 < end && bytes[i + 1] == '/')) {
            i++;
        }
        add(Kind.COMMENT, Math.min(end, i + 2));
    }

    private void quoted(byte quote) {
        boolean name = quoting.holdsName(quote);
        boolean escapes = quoting.escapesIn(quote);
        int behind = behindQuoted(quote, escapes);
        byte[] plain = new byte[behind - at];
        int length = 0;
        int i = at + 1;
        while (i < behind) {
            byte b = bytes[i++];
            if (b == quote) {
                if (i == behind) {
                    break;
                }
                i++;
            } else if (b == '\\' && escapes && i < behind) {
                b = unescape(bytes[i++]);
            }
            plain[length++] = b;
        }
        tokens.add(new SqlToken(
                name ? Kind.NAME : Kind.STRING, at, behind, new String(plain, 0, length, StandardCharsets.UTF_8)));
        at = behind;
    }

    private int behindQuoted(byte quote, boolean escapes) {
        for (int i = at + 1; i < end; i++) {
            if (bytes[i] == '\\' && escapes) {
                i++;
            } else if (bytes[i] == quote) {
                if (i + 1 == end || bytes[i + 1] != quote) {
                    return i + 1;
                }
                i++;
            }
        }
        return end;
    }

    private static byte unescape(byte b) {
        return switch (b) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case 'b' -> '\b';
            case '0' -> 0;
            case 'Z' -> 26;
            default -> b;
        };
    }

    /** A number, or a name that begins with a digit. */
    private void number() {
        int i = at;
        boolean digits = true;
        while (i < end && (SqlBytes.isWord(bytes[i]) || (digits && bytes[i] == '.'))) {
            digits &= bytes[i] == '.' || SqlBytes.isDigit(bytes[i]);
            i++;
        }
        boolean hexadecimal = bytes[at] == '0' && (peek(1) == 'x' || peek(1) == 'b');
        boolean exponent = !digits && isExponent(at, i);
        add(digits || hexadecimal || exponent ? Kind.NUMBER : Kind.WORD, i);
    }

    private boolean isExponent(int from, int to) {
        return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1).matches("[0-9.]+[eE][0-9]*");
    }

    private int wordEnd(int from) {
        int i = from;
        while (i < end && (SqlBytes.isWord(bytes[i]) || isVariableDot(i))) {
            i++;
        }
        return i;
    }

    /** The dot of {@code @@session.name}. */
    private boolean isVariableDot(int i) {
        return bytes[i] == '.' && bytes[at] == '@';
    }

    private int lineEnd() {
        int i = at;
        while (i < end && bytes[i] != '\n') {
            i++;
        }
        return i;
    }

    private void add(Kind kind, int to) {
        tokens.add(new SqlToken(kind, at, to, new String(bytes, at, to - at, StandardCharsets.UTF_8)));
        at = to;
    }

    /** The byte that many places ahead, or a blank behind the end. */
    private int peek(int ahead) {
        return at + ahead < end ? bytes[at + ahead] & 0xff : ' ';
    }
}
