package io.github.bpipe.core.php;

import io.github.bpipe.core.php.PhpToken.Kind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A place among the words of a file. */
final class TokenCursor {
    private static final Map<String, String> CLOSING = Map.of("(", ")", "[", "]", "{", "}");

    private final List<PhpToken> tokens;
    private int position;

    TokenCursor(List<PhpToken> tokens) {
        this.tokens = tokens;
    }

    PhpToken peek() {
        return peek(0);
    }

    /** The word so many places on, or the end. */
    PhpToken peek(int ahead) {
        return tokens.get(Math.min(position + ahead, tokens.size() - 1));
    }

    PhpToken next() {
        PhpToken token = peek();
        position++;
        return token;
    }

    int position() {
        return position;
    }

    void moveTo(int newPosition) {
        position = newPosition;
    }

    void expect(String symbol) throws PhpSyntaxException {
        PhpToken token = next();
        if (!token.is(symbol)) {
            throw new PhpSyntaxException(token.line(), "expected " + symbol + ", found " + token.describe());
        }
    }

    /** Over a bracket and all that is in it, to behind its twin. */
    void skipBrackets(Set<String> strings) throws PhpSyntaxException {
        Deque<PhpToken> open = new ArrayDeque<>();
        do {
            PhpToken token = next();
            if (token.kind() == Kind.END) {
                PhpToken first = open.peek();
                throw new PhpSyntaxException(first.line(), "a " + first.text() + " that is never closed");
            }
            if (token.kind() == Kind.STRING) {
                strings.add(token.text());
            }
            if (token.kind() == Kind.SYMBOL && CLOSING.containsKey(token.text())) {
                open.push(token);
            } else if (token.kind() == Kind.SYMBOL && CLOSING.containsValue(token.text())) {
                PhpToken opened = open.pop();
                if (!token.is(CLOSING.get(opened.text()))) {
                    throw new PhpSyntaxException(
                            token.line(),
                            "found " + token.text() + " where " + opened.text() + " of line " + opened.line()
                                    + " is open");
                }
            }
        } while (!open.isEmpty());
    }
}
