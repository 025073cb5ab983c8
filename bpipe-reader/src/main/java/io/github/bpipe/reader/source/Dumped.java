package io.github.bpipe.reader.source;

import java.util.List;

/**
 * What is known when a dump has ended well.
 *
 * @param longest bytes of the longest statement; 0 where there are no statements
 * @param warnings that only the dump itself could find, one sentence each; never null
 */
public record Dumped(long longest, List<String> warnings) {
    public Dumped {
        warnings = List.copyOf(warnings);
    }

    /** A dump of statements, without warnings. */
    public static Dumped statements(long longest) {
        return new Dumped(longest, List.of());
    }
}
