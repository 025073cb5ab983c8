package io.github.bpipe.packaging;

import java.util.List;
import java.util.Locale;

/**
 * A page in the language of man(7). Requests stand on lines of their own, and nothing that a text holds becomes one.
 */
final class Troff {
    private final StringBuilder page = new StringBuilder();

    /** The first line of a page: its name, section and date, what it comes with, and the manual it belongs to. */
    Troff title(String name, int section, String date, String source, String manual) {
        return line(String.format(
                ".TH %s %d %s %s %s",
                quoted(name.toUpperCase(Locale.ROOT)), section, date, quoted(source), quoted(manual)));
    }

    Troff section(String heading) {
        return line(".SH " + heading);
    }

    /** A paragraph that hangs below its term; the term is troff already. */
    Troff item(String term, String text) {
        return line(".TP").line(term).text(text);
    }

    /** Lines that stay as they are. */
    Troff example(List<String> lines) {
        line(".nf");
        lines.forEach(example -> text(example.strip()));
        return line(".fi");
    }

    /** One line of text. */
    Troff text(String text) {
        String escaped = escaped(text);
        return line(escaped.startsWith(".") ? "\\&" + escaped : escaped);
    }

    /** A line that is troff already. */
    Troff line(String line) {
        page.append(line).append('\n');
        return this;
    }

    static String bold(String text) {
        return "\\fB" + escaped(text) + "\\fR";
    }

    static String italic(String text) {
        return "\\fI" + escaped(text) + "\\fR";
    }

    /** Hyphens, quotes and accents stay what they are at a keyboard, because what stands here is copied and typed. */
    static String escaped(String text) {
        return text.replace("\\", "\\e")
                .replace("-", "\\-")
                .replace("'", "\\(aq")
                .replace("`", "\\(ga")
                .replace("^", "\\(ha")
                .replace("~", "\\(ti");
    }

    private static String quoted(String text) {
        return '"' + escaped(text).replace("\"", "\\(dq") + '"';
    }

    @Override
    public String toString() {
        return page.toString();
    }
}
