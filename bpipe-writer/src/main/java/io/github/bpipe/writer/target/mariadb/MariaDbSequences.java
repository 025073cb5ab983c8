package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Keeps sequence defaults pointing into their own schema: the server stores {@code nextval(`schema`.`sequence`)} and a
 * rename does not change that.
 */
final class MariaDbSequences {
    private final SqlSession session;
    private final MariaDbCatalog catalog;

    MariaDbSequences(SqlSession session) {
        this.session = session;
        this.catalog = new MariaDbCatalog(session);
    }

    /**
     * Makes the defaults of a schema's tables that draw from {@code oldSchema} draw from {@code newSchema}, as far as
     * the sequences stand there; can be repeated.
     */
    void point(String schema, String oldSchema, String newSchema) throws IOException {
        Set<String> there = catalog.tables(newSchema).stream()
                .filter(item -> item.kind().equals("sequence"))
                .map(MariaDbCatalog.Item::name)
                .collect(Collectors.toSet());
        if (there.isEmpty()) {
            return;
        }
        List<List<String>> columns =
                session.query("SELECT TABLE_NAME, COLUMN_NAME, COLUMN_DEFAULT FROM information_schema.COLUMNS WHERE "
                        + MariaDbCatalog.is("TABLE_SCHEMA", schema)
                        + " AND COLUMN_DEFAULT REGEXP '(nextval|lastval|setval)[(]'");
        Set<String> tables = Set.copyOf(catalog.moving(schema));
        // all of a table at once: the server opens it with every default, and refuses one that points nowhere
        Map<String, List<String>> changes = new LinkedHashMap<>();
        for (List<String> column : columns) {
            if (!tables.contains(column.get(0))) {
                // a view shows the defaults of its tables
                continue;
            }
            String old = column.get(2);
            String changed = MariaDbRewrite.expression(old, oldSchema, newSchema);
            boolean stands =
                    there.stream().anyMatch(name -> changed.contains('(' + MariaDbCatalog.qualified(newSchema, name)));
            if (stands && !changed.equals(old)) {
                changes.computeIfAbsent(column.get(0), table -> new ArrayList<>())
                        .add("ALTER COLUMN " + MariaDbClients.identifier(column.get(1)) + " SET DEFAULT (" + changed
                                + ")");
            }
        }
        for (Map.Entry<String, List<String>> change : changes.entrySet()) {
            session.execute("ALTER TABLE " + MariaDbCatalog.qualified(schema, change.getKey()) + " "
                    + String.join(", ", change.getValue()));
        }
    }
}
