package io.github.bpipe.config.parse;

import io.github.bpipe.config.model.Directive;
import io.github.bpipe.config.model.Item;
import io.github.bpipe.config.model.Position;
import io.github.bpipe.config.model.Resource;
import io.github.bpipe.config.parse.Problem.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads one configuration file with everything it includes. It never gives up: what it cannot read becomes a
 * {@link Problem}, and it goes on behind it.
 */
public final class ConfigParser {
    private final Deque<Input> inputs = new ArrayDeque<>();
    private final List<Problem> problems = new ArrayList<>();
    private final Set<Path> included = new LinkedHashSet<>();

    /**
     * What a file holds.
     *
     * @param items its resources, those of included files in their place
     * @param included the files that it includes, directly or not
     */
    public record Parsed(Path file, List<Item> items, List<Problem> problems, Set<Path> included) {
        /** Every configuration of a daemon begins with a resource. */
        boolean beginsWithDirective() {
            return !items.isEmpty() && items.get(0) instanceof Directive;
        }
    }

    private ConfigParser() {}

    /** Reads a file; fails only when the file itself cannot be read. */
    public static Parsed parse(Path file) throws IOException {
        ConfigParser parser = new ConfigParser();
        parser.inputs.push(Input.open(file));
        List<Item> items = parser.items(null);
        return new Parsed(file, items, parser.problems, parser.included);
    }

    /** Items up to the closing brace of a block, or to the end of the outermost file. */
    private List<Item> items(Position blockBegin) {
        List<Item> items = new ArrayList<>();
        while (true) {
            Input input = inputs.peek();
            input.skipToContent();
            int c = input.peek();
            if (c == Input.END && inputs.size() > 1) {
                inputs.pop();
            } else if (c == Input.END) {
                if (blockBegin != null) {
                    problem(Kind.SYNTAX, blockBegin, "a block that is not closed");
                }
                return items;
            } else if (c == '}') {
                input.next();
                if (blockBegin != null) {
                    return items;
                }
                problem(Kind.SYNTAX, input.position(), "a closing brace without its block");
            } else if (c == ';') {
                input.next();
            } else if (c == '@') {
                include(input);
            } else {
                item(input).ifPresent(items::add);
            }
        }
    }

    private Optional<Item> item(Input input) {
        Position at = input.position();
        String name = input.until("={};#\n\"").strip();
        if (input.peek() == '{' || (!name.isEmpty() && input.peek() != '=' && input.continuesWith('{'))) {
            input.next();
            return Optional.of(new Resource(name, items(at), at));
        }
        if (input.peek() != '=' || name.isEmpty()) {
            problem(Kind.SYNTAX, at, "neither a directive nor a block: " + (name.isEmpty() ? "no name" : name));
            skipRubbish(input);
            return Optional.empty();
        }
        input.next();
        Optional<Directive> directive = new ValueReader(input).read(name, at);
        if (directive.isEmpty()) {
            problem(Kind.SYNTAX, at, "a quote that is not closed");
        }
        return directive.map(Item.class::cast);
    }

    private static void skipRubbish(Input input) {
        if (input.peek() != '}') {
            input.skipLine();
        }
    }

    private void include(Input input) {
        Position at = input.position();
        input.next();
        String target = input.until("\n;}#").strip();
        String unquoted = target.replaceAll("^\"|\"$", "");
        if (target.startsWith("|") || unquoted.startsWith("|")) {
            problem(
                    Kind.INCLUDE_COMMAND,
                    at,
                    "the output of a program is included, which is not run here: " + unquoted);
            return;
        }
        List<Path> files = IncludeTarget.files(input.file(), unquoted);
        if (files.isEmpty()) {
            problem(Kind.INCLUDE_MISSING, at, "included file does not exist: " + unquoted);
        }
        // the stack reads the last one pushed first
        for (int i = files.size() - 1; i >= 0; i--) {
            push(files.get(i), at);
        }
    }

    private void push(Path file, Position at) {
        if (inputs.stream().anyMatch(open -> IncludeTarget.same(open.file(), file))) {
            problem(Kind.INCLUDE_CYCLE, at, "a file includes itself: " + file);
            return;
        }
        try {
            inputs.push(Input.open(file));
            included.add(IncludeTarget.canonical(file));
        } catch (IOException e) {
            problem(Kind.INCLUDE_MISSING, at, "included file cannot be read: " + file);
        }
    }

    private void problem(Kind kind, Position at, String message) {
        problems.add(new Problem(kind, at, message));
    }
}
