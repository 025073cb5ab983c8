package io.github.bpipe.writer.drill;

import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.stream.ObjectEntry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The tables of a page, the largest first, with bars for their rows and sizes; of all else how many there are. */
final class DrillContents {
    /** Tables that get a line of their own. */
    private static final int MOST = 40;

    private DrillContents() {}

    static Html of(List<ObjectEntry> contents) {
        List<ObjectEntry> tables = contents.stream()
                .filter(entry -> entry.rows() != null)
                .sorted(Comparator.comparingLong(DrillContents::bytes)
                        .thenComparingLong(ObjectEntry::rows)
                        .reversed()
                        .thenComparing(ObjectEntry::name))
                .toList();
        if (tables.isEmpty()) {
            return Html.NOTHING;
        }
        List<ObjectEntry> shown = tables.subList(0, Math.min(MOST, tables.size()));
        boolean sized = shown.stream().anyMatch(entry -> entry.raw() != null);
        long mostRows = shown.stream().mapToLong(ObjectEntry::rows).max().orElse(0);
        long mostBytes = shown.stream().mapToLong(DrillContents::bytes).max().orElse(0);
        List<Html> rows = new ArrayList<>();
        for (ObjectEntry table : shown) {
            rows.add(Html.of(
                    "<tr><th scope=\"row\">%s</th>%s%s</tr>\n",
                    table.name(),
                    bar(DrillPage.count(table.rows()), table.rows(), mostRows, "rows"),
                    sized ? bar(Sizes.text(bytes(table)), bytes(table), mostBytes, "size") : Html.NOTHING));
        }
        return Html.of(
                "<section><h2>What was restored</h2>\n<ul class=\"kinds\">%s</ul>\n<div class=\"wide\"><table class=\"bars contents\">\n<thead><tr><th>Table</th>"
                        + "<th colspan=\"2\">Rows</th>%s</tr></thead>\n<tbody>\n%s</tbody></table></div>%s</section>\n",
                kinds(contents), new Html(sized ? "<th colspan=\"2\">Size</th>" : ""), Html.join(rows), rest(tables));
    }

    private static Html bar(String text, long value, long most, String name) {
        // something that is there is seen
        double share = value == 0 ? 0 : Math.max(0.6, 100.0 * value / most);
        return Html.of(
                "<td class=\"number\">%s</td><td class=\"bar %s\"><i style=\"width:%s%%\"></i></td>",
                text, name, DrillPage.percent(share));
    }

    /** How many of each kind, most first. */
    private static Html kinds(List<ObjectEntry> contents) {
        Map<String, Long> kinds = contents.stream()
                .collect(Collectors.groupingBy(ObjectEntry::kind, TreeMap::new, Collectors.counting()));
        return Html.join(kinds.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .map(each -> Html.of("<li>%s <b>%s</b></li>", each.getKey(), DrillPage.count(each.getValue())))
                .toList());
    }

    private static Html rest(List<ObjectEntry> tables) {
        if (tables.size() <= MOST) {
            return Html.NOTHING;
        }
        List<ObjectEntry> rest = tables.subList(MOST, tables.size());
        return Html.of(
                "<p class=\"rest\">And %s smaller tables with %s rows together; all of them are in the JSON report.</p>",
                DrillPage.count(rest.size()),
                DrillPage.count(rest.stream().mapToLong(ObjectEntry::rows).sum()));
    }

    private static long bytes(ObjectEntry entry) {
        return entry.raw() == null ? 0 : entry.raw();
    }
}
