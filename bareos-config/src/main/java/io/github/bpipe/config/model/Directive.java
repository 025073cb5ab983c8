package io.github.bpipe.config.model;

/**
 * {@code Name = value}.
 *
 * @param name as written
 * @param value without quotes and escapes
 * @param bare true when the value is not one quoted string: a keyword, a number with its unit, a list
 * @param at where it was read, or null
 */
public record Directive(String name, String value, boolean bare, Position at) implements Item {
    /** A generated directive; the printer quotes its value where that is needed. */
    public static Directive of(String name, String value) {
        return new Directive(name, value, false, null);
    }

    /** A generated directive whose value is printed as it stands. */
    public static Directive bare(String name, String value) {
        return new Directive(name, value, true, null);
    }

    /** True for {@code yes} and its synonyms. */
    public static boolean isYes(String value) {
        return value.matches("(?i)yes|true|on|1");
    }
}
