package io.github.bpipe.core.php;

import io.github.bpipe.core.php.PhpToken.Kind;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Constant expressions. */
final class PhpExpression {
    private static final int DEEPEST = 100;
    /** What may follow an operand besides symbols. */
    private static final Set<String> WORD_OPERATORS = Set.of("and", "or", "xor", "instanceof");

    private final TokenCursor tokens;
    private final Map<String, String> constants;
    private Map<String, Integer> lines = new LinkedHashMap<>();
    private int depth;

    PhpExpression(TokenCursor tokens, Map<String, String> constants) {
        this.tokens = tokens;
        this.constants = constants;
    }

    /** The lines of the outermost array's keys, as read since the last call. */
    Map<String, Integer> takeLines() {
        Map<String, Integer> taken = lines;
        lines = new LinkedHashMap<>();
        return taken;
    }

    /** Reads to the comma, semicolon or closing bracket behind the value. */
    PhpValue value() throws PhpSyntaxException {
        PhpValue value = operand();
        while (tokens.peek().is(".")) {
            tokens.next();
            value = concatenated(value, operand());
        }
        PhpToken next = tokens.peek();
        if (ends(next)) {
            return value;
        }
        if (next.kind() != Kind.SYMBOL && !WORD_OPERATORS.contains(next.text().toLowerCase(Locale.ROOT))) {
            throw new PhpSyntaxException(next.line(), "expected , or the end of the value, found " + next.describe());
        }
        return unknown(next.describe());
    }

    private PhpValue operand() throws PhpSyntaxException {
        PhpToken token = tokens.next();
        return switch (token.kind()) {
            case STRING -> new PhpValue.Text(token.text());
            case INTEGER, DECIMAL -> new PhpValue.Numeral(token.text());
            case OPAQUE -> new PhpValue.Unknown("a string with variables");
            case NAME -> named(token);
            case VARIABLE -> unknown(token.describe());
            case END -> throw unexpected(token);
            case SYMBOL -> symbol(token);
        };
    }

    private PhpValue symbol(PhpToken token) throws PhpSyntaxException {
        if (token.is("[")) {
            return table("]");
        }
        if (token.is("-") && tokens.peek().kind() == Kind.INTEGER) {
            return new PhpValue.Numeral("-" + tokens.next().text());
        }
        if (token.is("(") || token.is("-") || token.is("+") || token.is("!") || token.is("@") || token.is("&")) {
            tokens.moveTo(tokens.position() - 1);
            return unknown(token.text());
        }
        throw unexpected(token);
    }

    private PhpValue named(PhpToken token) throws PhpSyntaxException {
        String name = token.text().replaceFirst("^\\\\", "");
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.equals("array") && tokens.peek().is("(")) {
            tokens.next();
            return table(")");
        }
        if (lower.equals("null")) {
            return new PhpValue.Null();
        }
        if (lower.equals("true") || lower.equals("false")) {
            return new PhpValue.Flag(lower.equals("true"));
        }
        if (constants.containsKey(name)) {
            return new PhpValue.Text(constants.get(name));
        }
        if (tokens.peek().is("::") && tokens.peek(1).kind() == Kind.VARIABLE) {
            String property = name + "::$" + tokens.peek(1).text();
            if (constants.containsKey(property)) {
                tokens.next();
                tokens.next();
                return new PhpValue.Text(constants.get(property));
            }
        }
        return unknown(name);
    }

    private PhpValue table(String closing) throws PhpSyntaxException {
        if (++depth > DEEPEST) {
            throw new PhpSyntaxException(tokens.peek().line(), "arrays nested deeper than " + DEEPEST);
        }
        int opened = tokens.peek(-1).line();
        Map<String, PhpValue> entries = new LinkedHashMap<>();
        long index = 0;
        while (!tokens.peek().is(closing)) {
            if (tokens.peek().kind() == Kind.END) {
                throw new PhpSyntaxException(opened, "an array that begins here has no end");
            }
            int line = tokens.peek().line();
            PhpValue value = value();
            String key = null;
            if (tokens.peek().is("=>")) {
                key = key(value);
                tokens.next();
                value = value();
            }
            if (key == null) {
                key = String.valueOf(index);
            }
            if (key.matches("\\d{1,18}")) {
                index = Math.max(index, Long.parseLong(key) + 1);
            }
            entries.put(key, value);
            if (depth == 1) {
                lines.put(key, line);
            }
            if (!tokens.peek().is(closing)) {
                tokens.expect(",");
            }
        }
        tokens.next();
        depth--;
        return new PhpValue.Table(entries);
    }

    /** A key that is not known must not hide another one, so it gets a name that no setting has. */
    private static String key(PhpValue value) {
        if (value instanceof PhpValue.Text text) {
            return text.text();
        }
        if (value instanceof PhpValue.Numeral number) {
            return number.digits();
        }
        return value.toString();
    }

    private static PhpValue concatenated(PhpValue left, PhpValue right) {
        if (left instanceof PhpValue.Unknown) {
            return left;
        }
        if (right instanceof PhpValue.Unknown) {
            return right;
        }
        String first = text(left);
        String second = text(right);
        return first == null || second == null
                ? new PhpValue.Unknown("a concatenation")
                : new PhpValue.Text(first + second);
    }

    private static String text(PhpValue value) {
        if (value instanceof PhpValue.Text text) {
            return text.text();
        }
        return value instanceof PhpValue.Numeral number && number.digits().matches("-?\\d+") ? number.digits() : null;
    }

    /** Over the rest of a value that is not understood. */
    private PhpValue unknown(String what) throws PhpSyntaxException {
        Set<String> ignored = new TreeSet<>();
        while (!ends(tokens.peek())) {
            PhpToken token = tokens.peek();
            if (token.is("(") || token.is("[") || token.is("{")) {
                tokens.skipBrackets(ignored);
            } else {
                tokens.next();
            }
        }
        return new PhpValue.Unknown(what);
    }

    private static boolean ends(PhpToken token) {
        return token.kind() == Kind.END
                || token.is(",")
                || token.is(";")
                || token.is(")")
                || token.is("]")
                || token.is("}")
                || token.is("=>");
    }

    private static PhpSyntaxException unexpected(PhpToken token) {
        return new PhpSyntaxException(token.line(), "expected a value, found " + token.describe());
    }
}
