package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import io.github.bpipe.core.sql.MySqlUnits;
import io.github.bpipe.core.sql.MySqlViewOrder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A script of views, brought into the order in which they can be created; placeholders are not needed then. */
final class MariaDbViewScript {
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private final Map<String, ByteArrayOutputStream> views = new LinkedHashMap<>();
    private ByteArrayOutputStream current = beginning;

    private MariaDbViewScript() {}

    /** The same views in their order. */
    static byte[] ordered(byte[] script) throws IOException {
        MariaDbViewScript reader = new MariaDbViewScript();
        MySqlUnits.read(script, reader::take);
        Map<String, byte[]> definitions = new LinkedHashMap<>();
        reader.views.forEach((view, text) -> definitions.put(view, text.toByteArray()));
        ByteArrayOutputStream ordered = new ByteArrayOutputStream(script.length);
        ordered.writeBytes(reader.beginning.toByteArray());
        for (String view : MySqlViewOrder.of(definitions)) {
            ordered.writeBytes(definitions.get(view));
        }
        return ordered.toByteArray();
    }

    private void take(MySqlStatement statement, byte[] text) {
        if (statement.verb() == Verb.DROP && statement.concerns("view")) {
            // stands before the placeholder, and again before the definition: the later one counts
            current = new ByteArrayOutputStream();
            views.put(statement.name(), current);
        }
        boolean placeholderTable = statement.verb() == Verb.DROP && statement.concerns("table");
        boolean ending = statement.assignments().stream()
                .anyMatch(assignment ->
                        assignment.restores() && assignment.value().startsWith("@OLD_"));
        if (!placeholderTable && !ending) {
            current.writeBytes(text);
        }
    }
}
