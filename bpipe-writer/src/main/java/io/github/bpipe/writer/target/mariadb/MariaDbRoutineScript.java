package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlUnits;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Reads from a script which routines it creates. */
final class MariaDbRoutineScript {
    private MariaDbRoutineScript() {}

    static Set<MariaDbCatalog.Item> routines(byte[] script) throws IOException {
        Set<MariaDbCatalog.Item> routines = new HashSet<>();
        MySqlUnits.read(script, (statement, text) -> {
            if (statement.verb() == MySqlStatement.Verb.CREATE && statement.name() != null) {
                routines.add(new MariaDbCatalog.Item(statement.objectKind(), statement.name(), false));
            }
        });
        return routines;
    }
}
