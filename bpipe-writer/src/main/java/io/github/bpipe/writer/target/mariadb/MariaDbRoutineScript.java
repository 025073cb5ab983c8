package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.MySqlScript;
import io.github.bpipe.core.sql.MySqlStatement;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Reads from a script which routines it creates. */
final class MariaDbRoutineScript implements MySqlScript.Listener {
    private final Set<MariaDbCatalog.Item> routines = new HashSet<>();

    private MariaDbRoutineScript() {}

    static Set<MariaDbCatalog.Item> routines(byte[] script) throws IOException {
        MariaDbRoutineScript reader = new MariaDbRoutineScript();
        MySqlScript cutter = new MySqlScript(reader);
        cutter.feed(script, 0, script.length);
        cutter.finish();
        return reader.routines;
    }

    @Override
    public void begin(MySqlStatement begun) {
        if (begun.verb() == MySqlStatement.Verb.CREATE && begun.name() != null) {
            routines.add(new MariaDbCatalog.Item(begun.objectKind(), begun.name(), false));
        }
    }

    @Override
    public void part(byte[] bytes, int from, int count) {
        // only the beginning of a statement counts
    }

    @Override
    public void end(long groups) {
        // only the beginning of a statement counts
    }
}
