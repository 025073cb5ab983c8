package io.github.bpipe.config.parse;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Position;
import java.util.Optional;

/**
 * Reads what follows the equals sign of a directive.
 *
 * <p>A backslash in a quoted string takes the next character as it is; line breaks inside the quotes are dropped; quoted
 * strings on following lines are joined. Everything else reaches to the end of the line, a semicolon, a comment or the
 * closing brace, units and lists included.
 */
final class ValueReader {
    private final Input input;

    ValueReader(Input input) {
        this.input = input;
    }

    /** The directive of that name; nothing when a quote is not closed. */
    Optional<Directive> read(String name, Position at) {
        StringBuilder value = new StringBuilder();
        boolean bare = false;
        input.skipBlanks();
        while (true) {
            int c = input.peek();
            if (c == '"') {
                if (!quoted(value)) {
                    return Optional.empty();
                }
                if (!bare && input.continuesWith('"')) {
                    continue;
                }
            } else if (endsValue(c)) {
                return Optional.of(new Directive(name, value.toString().strip(), bare, at));
            } else {
                bare = true;
                value.append((char) input.next());
            }
            if (!bare) {
                input.skipBlanks();
            }
        }
    }

    private boolean quoted(StringBuilder value) {
        input.next();
        while (input.peek() != Input.END) {
            char c = (char) input.next();
            if (c == '"') {
                return true;
            }
            if (c == '\\' && input.peek() != Input.END) {
                value.append((char) input.next());
            } else if (c != '\n') {
                value.append(c);
            }
        }
        return false;
    }

    private static boolean endsValue(int c) {
        return c == Input.END || c == '\n' || c == ';' || c == '#' || c == '}';
    }
}
