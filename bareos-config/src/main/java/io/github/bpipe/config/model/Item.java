package io.github.bpipe.config.model;

import java.util.Locale;

/** What stands between the braces of a resource. */
public sealed interface Item permits Directive, Resource {
    /** Where it was read, or null for a generated one. */
    Position at();

    /** As the daemons compare the names of directives and resources: without regard to case and spaces. */
    static String normal(String name) {
        return name.replaceAll("\\s+", "").toLowerCase(Locale.ROOT);
    }
}
