package io.github.bpipe.core.cli;

/** Text from elsewhere (names, errors of servers, streams), made safe for a line of output. */
public final class Printable {
    private Printable() {}

    /** The same with every control character as {@code \\xNN}, so that no line breaks and no terminal obeys it. */
    public static String text(String text) {
        StringBuilder printable = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            if (Character.isISOControl(c)) {
                printable.append(String.format("\\x%02x", c));
            } else {
                printable.appendCodePoint(c);
            }
        });
        return printable.toString();
    }
}
