package io.github.bpipe.writer.drill;

import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.cli.Version;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report as one page that needs nothing but itself: no script, and nothing from the network. */
public final class DrillPage {
    private static final DateTimeFormatter MOMENT = DateTimeFormatter.ofPattern(
                    "d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    /** What the parts of a drill are called for people. */
    private static final Map<String, String> PARTS = Map.of(
            "start", "start a server",
            "load", "load the dump",
            "compare", "build keys, compare",
            "switch", "put it in its place",
            "checks", "ask the checks");

    private DrillPage() {}

    /** The whole page. */
    public static String of(DrillReport report) {
        List<Html> body = new ArrayList<>();
        body.add(head(report));
        if (!report.proven()) {
            body.add(Html.of(
                    "<section class=\"reason\" role=\"alert\"><p>%s</p><p class=\"hint\">Next: %s</p></section>\n",
                    report.reason(), report.hint()));
        }
        body.add(figures(report));
        body.add(checks(report.checks()));
        body.add(parts(report.parts()));
        body.add(DrillTrend.of(report));
        body.add(DrillContents.of(report.contents()));
        body.add(warnings(report.warnings()));
        body.add(Html.of(
                "<footer>Dump %s%s. Made by bpipe-writer %s.</footer>\n",
                report.stream() == null ? "without a header" : report.stream(),
                report.serverVersion() == null ? "" : ", of a server " + report.serverVersion(),
                Version.number()));
        return Html.of(
                        """
                        <!DOCTYPE html>
                        <html lang="en">
                        <head>
                        <meta charset="utf-8">
                        <meta name="viewport" content="width=device-width, initial-scale=1">
                        <meta name="color-scheme" content="light dark">
                        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
                        <title>%s: %s</title>
                        <style>
                        %s</style>
                        </head>
                        <body>
                        <main>
                        %s</main>
                        </body>
                        </html>
                        """,
                        report.subject(),
                        report.proven() ? "restores" : "not proven",
                        new Html(style()),
                        Html.join(body))
                .markup();
    }

    /** {@code 21 Nov 2026, 08:52 UTC}. */
    static String moment(Instant instant) {
        return MOMENT.format(instant);
    }

    /** {@code 0.35 s}, {@code 12.4 s}, {@code 3 min 20 s}. */
    static String duration(long millis) {
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.2f s", millis / 1e3);
        }
        long seconds = Math.round(millis / 1e3);
        return seconds < 60
                ? String.format(Locale.ROOT, "%.1f s", millis / 1e3)
                : seconds / 60 + " min " + seconds % 60 + " s";
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static Html head(DrillReport report) {
        Html sign =
                new Html(report.proven() ? "<path d=\"M7 12.5l3.5 3.5L17 8.5\"/>" : "<path d=\"M8 8l8 8M16 8l-8 8\"/>");
        String of = report.consistentAsOf() == null ? "Its dump" : "The dump of " + moment(report.consistentAsOf());
        return Html.of(
                """
                <header class="%s">
                <svg class="sign" viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="11"/>%s</svg>
                <div>
                <p class="kind">Restore drill%s</p>
                <h1>%s <span>%s</span></h1>
                <p>%s was %s%s on %s.</p>
                </div>
                </header>
                """,
                report.verdict(),
                sign,
                report.profile() == null ? "" : " of " + report.profile(),
                report.subject(),
                report.proven() ? "restores" : "is not proven to restore",
                of,
                report.proven() ? "restored" : "tried",
                report.place() == null ? "" : " in " + report.place(),
                moment(report.started()));
    }

    private static Html figures(DrillReport report) {
        List<Html> figures = new ArrayList<>();
        if (report.rows() != null) {
            figures.add(figure("Objects compared", count(report.objects())));
            figures.add(figure("Rows counted", count(report.rows())));
            figures.add(figure("Data", Sizes.text(report.rawBytes())));
            figures.add(figure("In the backup", Sizes.text(report.streamBytes())));
        }
        figures.add(figure("Took", duration(Math.round(report.seconds() * 1e3))));
        return Html.of("<dl class=\"figures\">\n%s</dl>\n", Html.join(figures));
    }

    private static Html figure(String name, String value) {
        return Html.of("<div><dt>%s</dt><dd>%s</dd></div>\n", name, value);
    }

    private static Html checks(List<DrillAnswer> answers) {
        if (answers.isEmpty()) {
            return Html.NOTHING;
        }
        List<Html> rows = answers.stream()
                .map(answer -> Html.of(
                        "<tr class=\"%s\"><td class=\"mark\">%s</td><th scope=\"row\">%s<code>%s</code></th>"
                                + "<td><pre>%s</pre></td><td><pre>%s</pre></td></tr>\n",
                        answer.good() ? "good" : "bad",
                        answer.good() ? "\u2713 good" : "\u2717 failed",
                        answer.name().equals(answer.sql()) ? "" : answer.name(),
                        answer.sql(),
                        lines(answer.expected()),
                        lines(answer.answer())))
                .toList();
        return Html.of(
                "<section><h2>Your own checks</h2>\n<div class=\"wide\"><table class=\"checks\">\n<thead><tr><th>Verdict</th><th>Check</th>"
                        + "<th>Expected</th><th>Answer</th></tr></thead>\n<tbody>\n%s</tbody></table></div></section>\n",
                Html.join(rows));
    }

    /** An answer as it looks: rows on lines. */
    private static Html lines(String answer) {
        return Html.join(answer.lines()
                .map(line -> Html.of("%s\n", line.replace("\t", "  ")))
                .toList());
    }

    private static Html parts(List<DrillPart> parts) {
        long all = parts.stream().mapToLong(DrillPart::millis).sum();
        if (all == 0) {
            return Html.NOTHING;
        }
        List<Html> rows = new ArrayList<>();
        double before = 0;
        for (DrillPart part : parts) {
            double share = 100.0 * part.millis() / all;
            rows.add(Html.of(
                    "<tr><th scope=\"row\">%s</th><td class=\"number\">%s</td><td class=\"bar\">"
                            + "<i style=\"margin-left:%s%%;width:%s%%\"></i></td></tr>\n",
                    PARTS.get(part.name()), duration(part.millis()), percent(before), percent(share)));
            before += share;
        }
        return Html.of(
                "<section><h2>Where the time went</h2>\n<table class=\"bars parts\"><tbody>\n%s</tbody></table></section>\n",
                Html.join(rows));
    }

    static String percent(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static Html warnings(List<String> warnings) {
        return warnings.isEmpty()
                ? Html.NOTHING
                : Html.of(
                        "<section><h2>Warnings</h2><ul>%s</ul></section>\n",
                        Html.join(warnings.stream()
                                .map(warning -> Html.of("<li>%s</li>\n", warning))
                                .toList()));
    }

    private static String style() {
        try (InputStream in = DrillPage.class.getResourceAsStream("drill.css")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
