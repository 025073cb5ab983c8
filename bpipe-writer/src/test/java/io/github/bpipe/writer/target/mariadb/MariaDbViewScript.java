package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.MySqlScript;
import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import io.github.bpipe.core.sql.MySqlViewOrder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** A script of views, brought into the order in which they can be created; placeholders are not needed then. */
final class MariaDbViewScript implements MySqlScript.Listener {
    private final ByteArrayOutputStream beginning = new ByteArrayOutputStream();
    private final Map<String, ByteArrayOutputStream> views = new LinkedHashMap<>();
    private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
    private MySqlStatement statement = MySqlStatement.none();
    private ByteArrayOutputStream current = beginning;

    private MariaDbViewScript() {}

    /** The same views in their order. */
    static byte[] ordered(byte[] script) throws IOException {
        MariaDbViewScript reader = new MariaDbViewScript();
        MySqlScript cutter = new MySqlScript(reader);
        cutter.feed(script, 0, script.length);
        cutter.finish();
        Map<String, byte[]> definitions = new LinkedHashMap<>();
        reader.views.forEach((view, text) -> definitions.put(view, text.toByteArray()));
        ByteArrayOutputStream ordered = new ByteArrayOutputStream(script.length);
        ordered.writeBytes(reader.beginning.toByteArray());
        for (String view : MySqlViewOrder.of(definitions)) {
            ordered.writeBytes(definitions.get(view));
        }
        return ordered.toByteArray();
    }

    @Override
    public void begin(MySqlStatement begun) {
        statement = begun;
        unit.reset();
    }

    @Override
    public void part(byte[] bytes, int from, int count) {
        unit.write(bytes, from, count);
    }

    @Override
    public void end(long groups) {
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
            current.writeBytes(unit.toByteArray());
        }
    }
}
