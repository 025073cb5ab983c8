package io.github.bpipe.core.job;

import io.github.bpipe.core.cli.Printable;
import io.github.bpipe.core.cli.Sizes;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The last runs of a profile as a table, one line each, the newest last. */
public final class RunHistory {
    private static final int MOST = 30;
    private static final String NOTHING = "-";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[m";
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);
    private static final List<String> TITLES =
            List.of("begun", "kind", "job", "outcome", "size", "growth", "rows", "duration");
    private static final int OUTCOME = 3;
    /** From here on the columns hold numbers. */
    private static final int NUMBERS = 4;

    private final List<RunRecord> runs = new ArrayList<>();
    private final ZoneId zone;

    /**
     * Reads the runs of all kinds.
     *
     * @param zone in which times are shown
     */
    public RunHistory(RunFolder folder, ZoneId zone) throws Failure {
        this.zone = zone;
        for (RunKind kind : RunKind.values()) {
            folder.newestFirst(kind).stream().map(RunFolder.Stored::run).forEach(runs::add);
        }
        runs.sort(Comparator.comparing(RunRecord::opened));
    }

    /** True where nothing is recorded. */
    public boolean isEmpty() {
        return runs.isEmpty();
    }

    /**
     * The table.
     *
     * @param sparklines true to draw how sizes and durations went
     * @param colours true to mark bad outcomes
     */
    public List<String> lines(boolean sparklines, boolean colours) {
        List<List<String>> rows = new ArrayList<>(List.of(TITLES));
        Map<RunKind, Long> before = new EnumMap<>(RunKind.class);
        runs.forEach(run -> rows.add(row(run, before)));
        List<List<String>> shown = new ArrayList<>(rows.subList(Math.max(1, rows.size() - MOST), rows.size()));
        shown.add(0, TITLES);
        List<String> lines = new ArrayList<>();
        shown.forEach(row -> lines.add(line(row, widths(shown), colours && isBad(row))));
        if (sparklines) {
            for (RunKind kind : RunKind.values()) {
                draw(kind, lines);
            }
        }
        return lines;
    }

    private List<String> row(RunRecord run, Map<RunKind, Long> before) {
        RunSummary done = run.state() == RunRecord.State.GOOD ? run.summary() : null;
        String growth = NOTHING;
        if (done != null && !done.inPart()) {
            Long last = before.put(run.kind(), done.rawBytes());
            growth = last == null || last == 0
                    ? NOTHING
                    : String.format(Locale.ROOT, "%+.1f %%", 100.0 * (done.rawBytes() - last) / last);
        }
        return List.of(
                TIME.format(run.opened().atZone(zone)),
                run.kind().word(),
                run.job() == null ? NOTHING : Printable.text(run.job().id()),
                outcome(run),
                done == null ? NOTHING : Sizes.text(done.rawBytes()),
                growth,
                done == null ? NOTHING : String.format(Locale.ROOT, "%,d", done.rows()),
                run.begun() == null || run.ended() == null
                        ? NOTHING
                        : String.format(Locale.ROOT, "%.1f s", millis(run) / 1e3));
    }

    private static String outcome(RunRecord run) {
        return switch (run.state()) {
            case GOOD ->
                "good"
                        + (run.summary().restored() != null && !run.summary().replacedLive()
                                ? ", beside live"
                                : run.summary().inPart() ? ", in part" : "");
            case FAILED -> (run.begun() == null ? "check failed" : "failed") + " (" + run.exitCode() + ")";
            case OPEN -> "only checked";
            case RUNNING -> "under way";
            case LOST -> "killed (" + ExitCode.INTERRUPTED.code() + ")";
        };
    }

    private static boolean isBad(List<String> row) {
        return row.get(OUTCOME).contains("failed") || row.get(OUTCOME).contains("killed");
    }

    private static long millis(RunRecord run) {
        return Duration.between(run.begun(), run.ended()).toMillis();
    }

    private void draw(RunKind kind, List<String> lines) {
        List<RunRecord> good = runs.stream()
                .filter(run -> run.kind() == kind && run.state() == RunRecord.State.GOOD)
                .filter(run -> !run.summary().inPart())
                .toList();
        List<RunRecord> last = good.subList(Math.max(0, good.size() - MOST), good.size());
        if (last.size() > 1) {
            lines.add("");
            lines.add(kind.word() + "s, size      "
                    + sparkline(last, run -> run.summary().rawBytes()));
            lines.add(kind.word() + "s, duration  " + sparkline(last, RunHistory::millis));
        }
    }

    private static String sparkline(List<RunRecord> runs, ToLongFunction<RunRecord> value) {
        return Sparkline.of(runs.stream().mapToLong(value).toArray());
    }

    private static int[] widths(List<List<String>> rows) {
        int[] widths = new int[TITLES.size()];
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return widths;
    }

    private static String line(List<String> row, int[] widths, boolean red) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String padding = " ".repeat(widths[i] - row.get(i).length());
            line.append(i == 0 ? "" : "  ").append(i < NUMBERS ? row.get(i) + padding : padding + row.get(i));
        }
        String text = line.toString().stripTrailing();
        return red ? RED + text + PLAIN : text;
    }
}
