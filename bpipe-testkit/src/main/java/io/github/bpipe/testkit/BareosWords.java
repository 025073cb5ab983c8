package io.github.bpipe.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * How Bareos reads what stands in its configuration: a quoted string, the options of a bpipe line, the words of a command.
 * Written from what was observed of the daemon, and on purpose not with the code that it is to check.
 */
final class BareosWords {
    /** What the daemon passes on; the rest is dropped without a word. */
    private static final int MOST_WORDS = 98;

    private BareosWords() {}

    /** The values of a directive, in their order; quoted strings on following lines are joined. */
    static List<String> values(String configuration, String directive) {
        List<String> values = new ArrayList<>();
        boolean continues = false;
        for (String line : configuration.lines().map(String::strip).toList()) {
            if (continues && line.startsWith("\"")) {
                values.add(values.remove(values.size() - 1) + unquoted(line));
                continue;
            }
            continues = line.startsWith(directive + " = ");
            if (continues) {
                values.add(unquoted(line.substring(directive.length() + 3)));
            }
        }
        return values;
    }

    /** The blocks of a name, without blocks inside them. */
    static List<String> blocks(String configuration, String name) {
        List<String> blocks = new ArrayList<>();
        StringBuilder block = null;
        for (String line : configuration.lines().map(String::strip).toList()) {
            if (line.equals(name + " {")) {
                block = new StringBuilder();
            } else if (line.equals("}") && block != null) {
                blocks.add(block.toString());
                block = null;
            } else if (block != null) {
                block.append(line).append('\n');
            }
        }
        return blocks;
    }

    /** In a quoted string a backslash takes the next character as it is. */
    private static String unquoted(String value) {
        if (!value.startsWith("\"")) {
            return value;
        }
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < value.length() && value.charAt(i) != '"'; i++) {
            if (value.charAt(i) == '\\') {
                i++;
            }
            text.append(value.charAt(i));
        }
        return text.toString();
    }

    /** The options between colons, each {@code name=value}; the plugin strips one level of backslashes. */
    static List<String[]> options(String definition) {
        if (!definition.startsWith("bpipe:")) {
            throw new AssertionError("not for bpipe: " + definition);
        }
        List<String[]> options = new ArrayList<>();
        for (String option : definition.substring("bpipe:".length()).split(":", -1)) {
            int equals = option.indexOf('=');
            if (equals < 0) {
                throw new AssertionError("the plugin takes no option without a name: " + option);
            }
            options.add(new String[] {
                option.substring(0, equals), option.substring(equals + 1).replaceAll("\\\\(.)", "$1")
            });
        }
        return options;
    }

    /** The words of a command; a quote counts at the beginning of a word only, and nothing escapes it. */
    static List<String> split(String command) {
        List<String> words = new ArrayList<>();
        String rest = command.replaceFirst("^ +", "");
        while (!rest.isEmpty() && words.size() < MOST_WORDS) {
            char first = rest.charAt(0);
            boolean quoted = first == '"' || first == '\'';
            String from = quoted ? rest.substring(1) : rest;
            int end = from.indexOf(quoted ? first : ' ');
            words.add(end < 0 ? from : from.substring(0, end));
            rest = end < 0 ? "" : from.substring(end + 1).replaceFirst("^ +", "");
        }
        return words;
    }
}
