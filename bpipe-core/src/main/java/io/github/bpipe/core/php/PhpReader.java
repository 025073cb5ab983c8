package io.github.bpipe.core.php;

import io.github.bpipe.core.php.PhpToken.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Reads the variables of a PHP file that does nothing but assign constants: strings, numbers, booleans, null, arrays in
 * both notations, and what concatenating them gives. Whatever only running PHP could tell is named as such, never
 * guessed.
 */
public final class PhpReader {
    private final TokenCursor tokens;
    private final PhpExpression expression;
    private final Map<String, PhpValue> variables = new LinkedHashMap<>();
    private final Map<String, Integer> lines = new LinkedHashMap<>();
    private final List<Skipped> skipped = new ArrayList<>();

    /**
     * What stands in a file.
     *
     * @param variables by their names without {@code $}
     * @param lines in which {@code VARIABLE} and {@code VARIABLE[key]} are assigned
     * @param skipped statements
     */
    public record Contents(Map<String, PhpValue> variables, Map<String, Integer> lines, List<Skipped> skipped) {}

    /**
     * A statement that was not understood.
     *
     * @param line where it begins
     * @param what it begins with
     * @param strings in it, in which the keys are that it may set
     */
    public record Skipped(int line, String what, java.util.Set<String> strings) {}

    private PhpReader(List<PhpToken> words, Map<String, String> constants) {
        this.tokens = new TokenCursor(words);
        this.expression = new PhpExpression(tokens, constants);
    }

    /**
     * Reads a file's code.
     *
     * @param code one character per byte (ISO 8859-1)
     * @param constants that are known, such as {@code __DIR__} and {@code OC::$SERVERROOT}
     */
    public static Contents read(String code, Map<String, String> constants) throws PhpSyntaxException {
        PhpReader reader = new PhpReader(PhpTokenizer.tokens(code), constants);
        while (reader.tokens.peek().kind() != Kind.END) {
            reader.statement();
        }
        return new Contents(reader.variables, reader.lines, reader.skipped);
    }

    private void statement() throws PhpSyntaxException {
        int start = tokens.position();
        PhpToken first = tokens.peek();
        if (first.is(";")) {
            tokens.next();
        } else if (first.kind() != Kind.VARIABLE || !assignment()) {
            tokens.moveTo(start);
            skip(first);
        }
    }

    /** {@code $name = value;} or {@code $name['key'] = value;}; false where it is something else. */
    private boolean assignment() throws PhpSyntaxException {
        PhpToken variable = tokens.next();
        String key = null;
        if (tokens.peek().is("[")
                && tokens.peek(1).kind() == Kind.STRING
                && tokens.peek(2).is("]")) {
            tokens.next();
            key = tokens.next().text();
            tokens.next();
        }
        if (!tokens.peek().is("=")) {
            return false;
        }
        tokens.next();
        PhpValue value = expression.value();
        tokens.expect(";");
        if (key == null) {
            assign(variable, value);
        } else {
            assignKey(variable, key, value);
        }
        return true;
    }

    private void assign(PhpToken variable, PhpValue value) {
        variables.put(variable.text(), value);
        lines.keySet().removeIf(name -> name.startsWith(variable.text() + "["));
        lines.put(variable.text(), variable.line());
        expression.takeLines().forEach((key, line) -> lines.put(variable.text() + "[" + key + "]", line));
    }

    private void assignKey(PhpToken variable, String key, PhpValue value) {
        expression.takeLines();
        Map<String, PhpValue> entries = new LinkedHashMap<>();
        if (variables.get(variable.text()) instanceof PhpValue.Table table) {
            entries.putAll(table.entries());
        }
        entries.put(key, value);
        variables.put(variable.text(), new PhpValue.Table(entries));
        lines.put(variable.text() + "[" + key + "]", variable.line());
    }

    /** To the semicolon, or over the block in braces, that ends the statement. */
    private void skip(PhpToken first) throws PhpSyntaxException {
        java.util.Set<String> strings = new TreeSet<>();
        boolean ended = false;
        while (!ended) {
            PhpToken token = tokens.peek();
            if (token.kind() == Kind.END) {
                throw new PhpSyntaxException(
                        first.line(), "a statement that begins here has no end: " + first.describe());
            }
            boolean block = token.is("{");
            if (block || token.is("(") || token.is("[")) {
                tokens.skipBrackets(strings);
            } else {
                tokens.next();
                if (token.kind() == Kind.STRING) {
                    strings.add(token.text());
                }
            }
            ended = block || token.is(";");
        }
        if (!first.isName("declare") && !first.isName("namespace") && !first.isName("use")) {
            skipped.add(new Skipped(first.line(), first.describe(), strings));
        }
    }
}
