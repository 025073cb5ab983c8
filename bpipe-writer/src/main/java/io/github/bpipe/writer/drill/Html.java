package io.github.bpipe.writer.drill;

import io.github.bpipe.core.cli.Printable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A piece of a page. Whatever is not markup already is text, and escaped: names from a dump never become markup. */
record Html(String markup) {
    static final Html NOTHING = new Html("");

    /** A template whose {@code %s} are filled in, in their order. */
    static Html of(String template, Object... values) {
        return new Html(
                template.formatted(Arrays.stream(values).map(Html::markupOf).toArray()));
    }

    static Html join(List<Html> parts) {
        return new Html(parts.stream().map(Html::markup).collect(Collectors.joining()));
    }

    private static String markupOf(Object value) {
        return value instanceof Html html ? html.markup : escape(Printable.text(String.valueOf(value)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
