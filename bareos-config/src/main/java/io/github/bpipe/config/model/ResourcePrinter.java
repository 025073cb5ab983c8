package io.github.bpipe.config.model;

import java.util.regex.Pattern;

/** Writes resources as the daemons read them; the parser reads back exactly what was printed. */
public final class ResourcePrinter {
    private static final String INDENT = "  ";
    private static final Pattern NEEDS_NO_QUOTES = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private ResourcePrinter() {}

    /** The resource on lines of its own. */
    public static String print(Resource resource) {
        StringBuilder text = new StringBuilder();
        print(resource, "", text);
        return text.toString();
    }

    /**
     * A quoted string of the configuration: a backslash and a quote are escaped, so a backslash stands as two.
     *
     * @throws IllegalArgumentException for a line break, which the daemons drop
     */
    public static String quoted(String value) {
        if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
            throw new IllegalArgumentException("a line break in " + value);
        }
        return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void print(Resource resource, String indent, StringBuilder text) {
        text.append(indent).append(resource.type()).append(" {\n");
        for (Item item : resource.items()) {
            if (item instanceof Resource block) {
                print(block, indent + INDENT, text);
            } else if (item instanceof Directive directive) {
                text.append(indent).append(INDENT).append(directive.name()).append(" = ");
                text.append(value(directive)).append('\n');
            }
        }
        text.append(indent).append("}\n");
    }

    private static String value(Directive directive) {
        String value = directive.value();
        boolean plain = directive.bare() || NEEDS_NO_QUOTES.matcher(value).matches();
        return plain ? value : quoted(value);
    }
}
