package io.github.bpipe.core.cli;

import java.util.Locale;

/** Numbers of bytes for people. */
public final class Sizes {
    private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    private static final int STEP = 1000;
    /** From here on rounding would make it {@link #STEP}. */
    private static final double NEXT_UNIT_FROM = STEP - 0.5;
    /** From here on one decimal would be a fourth digit. */
    private static final double WHOLE_FROM = 99.95;

    private Sizes() {}

    /** {@code 512 B}, {@code 1.5 MB}: decimal units, at most three digits. */
    public static String text(long bytes) {
        double value = bytes;
        int unit = 0;
        while (value >= (unit == 0 ? STEP : NEXT_UNIT_FROM) && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        if (unit == 0) {
            return bytes + " B";
        }
        return String.format(Locale.ROOT, value < WHOLE_FROM ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }
}
