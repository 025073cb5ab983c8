package io.github.bpipe.writer.pick.nextcloud;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The components of a VCALENDAR.
 *
 * @param components in their order, each as its unfolded lines from BEGIN to END
 */
record CalendarObject(List<Component> components) {
    /**
     * One component.
     *
     * @param name {@code VEVENT}, {@code VTIMEZONE} ...
     */
    record Component(String name, List<String> lines) {
        boolean isTimeZone() {
            return name.equals("VTIMEZONE");
        }
    }

    /** Takes it apart; null where it is no VCALENDAR, or one that does not end. */
    static CalendarObject parse(String data) {
        List<String> lines = ContentLines.unfold(data);
        List<Component> components = new ArrayList<>();
        List<String> open = new ArrayList<>();
        List<String> current = null;
        for (String line : lines) {
            String name = ContentLines.name(line);
            String value = line.substring(ContentLines.valueAt(line)).strip().toUpperCase(Locale.ROOT);
            if (name.equals("BEGIN")) {
                open.add(value);
                current = open.size() == 2 ? new ArrayList<>() : current;
            }
            if (open.size() > 1) {
                current.add(line);
            }
            if (name.equals("END")) {
                if (open.isEmpty() || !open.remove(open.size() - 1).equals(value)) {
                    return null;
                }
                if (open.size() == 1) {
                    components.add(new Component(value, current));
                }
            }
        }
        boolean whole = open.isEmpty() && !lines.isEmpty() && lines.get(0).equalsIgnoreCase("BEGIN:VCALENDAR");
        return whole ? new CalendarObject(components) : null;
    }

    /** The first component that is no time zone, or null. */
    Component main() {
        return components.stream()
                .filter(component -> !component.isTimeZone())
                .findFirst()
                .orElse(null);
    }
}
