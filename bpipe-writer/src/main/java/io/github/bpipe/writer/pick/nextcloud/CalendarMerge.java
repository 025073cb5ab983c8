package io.github.bpipe.writer.pick.nextcloud;

import io.github.bpipe.writer.pick.nextcloud.CalendarObject.Component;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints the components of many calendar objects as one VCALENDAR. A time zone stands in it once; where two objects
 * define the same TZID otherwise, the later one gets a name of its own, since RFC 5545, 3.6.5 wants it unique.
 */
final class CalendarMerge {
    static final String HEAD = String.join(
            "\r\n", "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//bpipe-toolkit//extract//EN", "CALSCALE:GREGORIAN", "");
    static final String TAIL = "END:VCALENDAR\r\n";

    /** What each TZID is defined as. */
    private final Map<String, List<String>> zones = new LinkedHashMap<>();

    /** The lines that one more object adds. */
    String add(CalendarObject object) {
        Map<String, String> renamed = new HashMap<>();
        StringBuilder text = new StringBuilder();
        for (Component component : object.components()) {
            if (component.isTimeZone() && !isNew(component, renamed)) {
                continue;
            }
            component.lines().forEach(line -> text.append(ContentLines.fold(rename(line, component, renamed))));
        }
        return text.toString();
    }

    /** Finds the name that a zone has in the merged calendar; true where it has to be defined there. */
    private boolean isNew(Component zone, Map<String, String> renamed) {
        String id = ContentLines.value(zone.lines(), "TZID");
        List<String> definition = zone.lines().stream()
                .filter(line -> !ContentLines.name(line).matches("TZID|LAST-MODIFIED|TZURL|X-.*"))
                .toList();
        String name = String.valueOf(id);
        for (int i = 2; zones.containsKey(name) && !zones.get(name).equals(definition); i++) {
            name = id + " (" + i + ")";
        }
        if (!name.equals(id)) {
            renamed.put(id, name);
        }
        return zones.putIfAbsent(name, definition) == null;
    }

    /** A line with the new name of its zone, which stands in a parameter, or is the value in the zone itself. */
    private static String rename(String line, Component component, Map<String, String> renamed) {
        String changed = line;
        for (Map.Entry<String, String> name : renamed.entrySet()) {
            int value = ContentLines.valueAt(changed);
            String head = changed.substring(0, value);
            if (component.isTimeZone()
                    && ContentLines.name(line).equals("TZID")
                    && changed.substring(value).equals(name.getKey())) {
                return head + name.getValue();
            }
            for (String old : List.of("\"" + name.getKey() + "\"", name.getKey())) {
                for (String end : List.of(":", ";")) {
                    head = head.replace(";TZID=" + old + end, ";TZID=" + name.getValue() + end);
                }
            }
            changed = head + changed.substring(value);
        }
        return changed;
    }
}
