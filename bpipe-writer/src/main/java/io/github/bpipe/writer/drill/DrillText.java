package io.github.bpipe.writer.drill;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report in a few lines. */
public final class DrillText {
    private DrillText() {}

    /** The verdict first; printable as they are. */
    public static List<String> lines(DrillReport report) {
        List<String> lines = new ArrayList<>();
        lines.add((report.proven() ? "PROVEN: " + report.subject() + " restores" : "NOT PROVEN: " + report.subject())
                + (report.consistentAsOf() == null ? "" : ", as of " + report.consistentAsOf()));
        if (!report.proven()) {
            lines.add("  " + report.reason());
        }
        if (report.rows() != null) {
            lines.add(String.format(
                    Locale.ROOT,
                    "  %,d objects, %,d rows, %s, in %.1f s",
                    report.objects(),
                    report.rows(),
                    Sizes.text(report.rawBytes()),
                    report.seconds()));
        }
        if (report.place() != null) {
            lines.add("  in " + report.place() + ", removed again: " + times(report));
        }
        for (DrillAnswer answer : report.checks()) {
            lines.add("  check " + answer.name() + ": "
                    + (answer.good() ? "as expected" : answer.answer() + ", expected is " + answer.expected()));
        }
        return lines.stream().map(Printable::text).toList();
    }

    private static String times(DrillReport report) {
        return report.parts().stream()
                .map(part -> String.format(Locale.ROOT, "%s %.1f s", part.name(), part.millis() / 1e3))
                .collect(Collectors.joining(", "));
    }
}
