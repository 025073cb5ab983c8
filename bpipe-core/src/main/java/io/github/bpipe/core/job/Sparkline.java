package io.github.bpipe.core.job;

import java.util.Arrays;
import java.util.stream.LongStream;

/** Numbers as a line of small bars, {@code ▁▃▂█}: zero at the bottom, the largest at the top. */
final class Sparkline {
    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /** A bar for each; none is negative. */
    static String of(long... values) {
        long largest = Math.max(1, LongStream.of(values).max().orElse(1));
        StringBuilder line = new StringBuilder();
        Arrays.stream(values)
                .map(value -> Math.round((double) value * (BARS.length() - 1) / largest))
                .forEach(bar -> line.append(BARS.charAt((int) bar)));
        return line.toString();
    }
}
