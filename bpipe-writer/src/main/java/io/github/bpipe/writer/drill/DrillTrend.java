package io.github.bpipe.writer.drill;

import io.github.bpipe.core.cli.Sizes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/** The last drills as lines: how long they took, and how much they restored. */
final class DrillTrend {
    private static final int WIDTH = 460;
    private static final int HEIGHT = 150;
    private static final int LEFT = 8;
    private static final int RIGHT = 452;
    private static final int TOP = 24;
    private static final int BOTTOM = 118;
    private static final int MARK = 4;

    private DrillTrend() {}

    static Html of(DrillReport report) {
        List<EarlierDrill> drills = new ArrayList<>(report.earlier());
        drills.add(new EarlierDrill(
                report.ended(), report.proven(), Math.round(report.seconds() * 1e3), report.rows(), report.rawBytes()));
        if (drills.size() == 1) {
            return new Html(
                    report.profile() == null
                            ? ""
                            : "<section><h2>The last drills</h2>\n<p>This is the first one; the next is compared with it.</p></section>\n");
        }
        return Html.of(
                "<section><h2>The last %s drills</h2>\n<div class=\"trends\">\n%s%s</div>\n%s</section>\n",
                drills.size(),
                chart("Duration", drills, EarlierDrill::millis, DrillPage::duration),
                chart("Rows", drills, drill -> drill.rows() == null ? 0 : drill.rows(), DrillPage::count),
                table(drills));
    }

    /** A line through the good drills; a failed one is a cross at the bottom, since its numbers mean nothing. */
    private static Html chart(
            String name, List<EarlierDrill> drills, ToLongFunction<EarlierDrill> value, LongFunction<String> text) {
        long most = Math.max(
                1,
                drills.stream()
                        .filter(EarlierDrill::proven)
                        .mapToLong(value)
                        .max()
                        .orElse(1));
        StringBuilder line = new StringBuilder();
        List<Html> marks = new ArrayList<>();
        String last = "";
        for (int i = 0; i < drills.size(); i++) {
            EarlierDrill drill = drills.get(i);
            double x = LEFT + (double) (RIGHT - LEFT) * i / (drills.size() - 1);
            double y = BOTTOM - (double) (BOTTOM - TOP) * value.applyAsLong(drill) / most;
            String when = DrillPage.moment(drill.ended());
            if (drill.proven()) {
                last = text.apply(value.applyAsLong(drill));
                line.append(line.isEmpty() ? "M" : "L")
                        .append(at(x))
                        .append(' ')
                        .append(at(y));
                marks.add(Html.of(
                        "<circle cx=\"%s\" cy=\"%s\" r=\"%s\"><title>%s: %s</title></circle>\n",
                        at(x), at(y), MARK, when, last));
            } else {
                marks.add(Html.of(
                        "<path class=\"failed\" d=\"M%s %sl8 8m0 -8l-8 8\"><title>%s: failed</title></path>\n",
                        at(x - MARK), BOTTOM - MARK, when));
            }
        }
        Html labels = Html.join(List.of(
                label("most", LEFT, TOP - 8, text.apply(most)),
                label("first", LEFT, HEIGHT - 6, DrillPage.moment(drills.get(0).ended())),
                label(
                        "last",
                        RIGHT,
                        HEIGHT - 6,
                        DrillPage.moment(drills.get(drills.size() - 1).ended()))));
        return Html.of(
                """
                <figure><figcaption>%s <b>%s</b></figcaption>
                <svg viewBox="0 0 %s %s" role="img" aria-label="%s of the last drills, as in the table below">
                <path class="grid" d="M%s %sH%sM%s %sH%s"/>
                <path class="line" d="%s"/>
                %s%s</svg></figure>
                """,
                name, last, WIDTH, HEIGHT, name, LEFT, TOP, RIGHT, LEFT, BOTTOM, RIGHT, line, Html.join(marks), labels);
    }

    private static Html label(String what, int x, int y, String text) {
        return Html.of("<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>\n", what, x, y, text);
    }

    private static Html table(List<EarlierDrill> drills) {
        List<Html> rows = new ArrayList<>();
        for (int i = drills.size() - 1; i >= 0; i--) {
            EarlierDrill drill = drills.get(i);
            rows.add(Html.of(
                    "<tr><th scope=\"row\">%s</th><td>%s</td><td class=\"number\">%s</td><td class=\"number\">%s</td>"
                            + "<td class=\"number\">%s</td></tr>\n",
                    DrillPage.moment(drill.ended()),
                    drill.proven() ? "proven" : "failed",
                    DrillPage.duration(drill.millis()),
                    drill.rows() == null ? "" : DrillPage.count(drill.rows()),
                    drill.rawBytes() == null ? "" : Sizes.text(drill.rawBytes())));
        }
        return Html.of(
                "<details><summary>As a table</summary>\n<table><thead><tr><th>Drill</th><th>Verdict</th><th>Duration</th><th>Rows</th>"
                        + "<th>Data</th></tr></thead>\n<tbody>\n%s</tbody></table></details>",
                Html.join(rows));
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
