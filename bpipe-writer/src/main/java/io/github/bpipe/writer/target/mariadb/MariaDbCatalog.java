package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What a schema holds, by the server's information_schema. */
public final class MariaDbCatalog {
    /**
     * One object of a schema.
     *
     * @param kind {@code table}, {@code view}, {@code sequence}, {@code trigger}, {@code procedure}, {@code function},
     *     {@code package}, {@code package body} or {@code event}
     * @param versioned true for a table that keeps the history of its rows
     */
    public record Item(String kind, String name, boolean versioned) {
        /** True for what {@code RENAME TABLE} moves to another schema. */
        boolean moves() {
            return kind.equals("table") || kind.equals("sequence");
        }
    }

    /** By bytes: for the server's own collation names that differ in case alone are equal, in whatever order. */
    private static final String BY_NAME = " ORDER BY BINARY TABLE_NAME";

    private final SqlSession session;

    public MariaDbCatalog(SqlSession session) {
        this.session = session;
    }

    boolean exists(String schema) throws IOException {
        return !session.query("SELECT 1 FROM information_schema.SCHEMATA WHERE " + is("SCHEMA_NAME", schema))
                .isEmpty();
    }

    boolean hasTable(String schema, String table) throws IOException {
        return !session.query("SELECT 1 FROM information_schema.TABLES WHERE " + is("TABLE_SCHEMA", schema) + " AND "
                        + is("TABLE_NAME", table))
                .isEmpty();
    }

    /** Tables, sequences and views. */
    List<Item> tables(String schema) throws IOException {
        return session
                .query("SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE "
                        + is("TABLE_SCHEMA", schema) + BY_NAME)
                .stream()
                .map(row ->
                        new Item(tableKind(row.get(1)), row.get(0), row.get(1).equals("SYSTEM VERSIONED")))
                .toList();
    }

    /** Names of the tables and sequences: everything that {@code RENAME TABLE} moves. */
    List<String> moving(String schema) throws IOException {
        return tables(schema).stream().filter(Item::moves).map(Item::name).toList();
    }

    List<String> sequences(String schema) throws IOException {
        return tables(schema).stream()
                .filter(item -> item.kind().equals("sequence"))
                .map(Item::name)
                .toList();
    }

    /** What each view selects, by its name. */
    Map<String, byte[]> viewDefinitions(String schema) throws IOException {
        Map<String, byte[]> definitions = new LinkedHashMap<>();
        for (List<String> view : session.query("SELECT TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS WHERE "
                + is("TABLE_SCHEMA", schema) + BY_NAME)) {
            definitions.put(view.get(0), view.get(1).getBytes(StandardCharsets.UTF_8));
        }
        return definitions;
    }

    List<Item> triggers(String schema) throws IOException {
        return items("SELECT 'trigger', TRIGGER_NAME FROM information_schema.TRIGGERS WHERE "
                + is("TRIGGER_SCHEMA", schema));
    }

    /** Names of the triggers of each table that has any. */
    Map<String, List<String>> triggersByTable(String schema) throws IOException {
        Map<String, List<String>> found = new TreeMap<>();
        for (List<String> row : session.query("SELECT EVENT_OBJECT_TABLE, TRIGGER_NAME"
                + " FROM information_schema.TRIGGERS WHERE " + is("TRIGGER_SCHEMA", schema))) {
            found.computeIfAbsent(row.get(0), table -> new ArrayList<>()).add(row.get(1));
        }
        return found;
    }

    List<Item> routines(String schema) throws IOException {
        return items("SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE "
                + is("ROUTINE_SCHEMA", schema));
    }

    List<Item> events(String schema) throws IOException {
        return items("SELECT 'event', EVENT_NAME FROM information_schema.EVENTS WHERE " + is("EVENT_SCHEMA", schema));
    }

    public List<Item> all(String schema) throws IOException {
        List<Item> all = new ArrayList<>(tables(schema));
        all.addAll(triggers(schema));
        all.addAll(routines(schema));
        all.addAll(events(schema));
        return all;
    }

    /** Foreign keys of other schemas that point into this one, in words. */
    List<String> foreignKeysInto(String schema) throws IOException {
        return session.column("SELECT CONCAT(CONSTRAINT_SCHEMA, '.', TABLE_NAME, ' (', CONSTRAINT_NAME, ')')"
                + " FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE " + is("UNIQUE_CONSTRAINT_SCHEMA", schema)
                + " AND NOT (" + is("CONSTRAINT_SCHEMA", schema) + ") ORDER BY 1");
    }

    /** The statement that drops an object of a schema where it exists. */
    static String drop(String schema, Item item) {
        return "DROP " + item.kind().toUpperCase(Locale.ROOT) + " IF EXISTS " + qualified(schema, item.name());
    }

    /** Rows of a table, those of its history among them. */
    public static long count(SqlSession session, String schema, Item table) throws IOException {
        return Long.parseLong(session.value("SELECT COUNT(*) FROM " + qualified(schema, table.name())
                + (table.versioned() ? " FOR SYSTEM_TIME ALL" : "")));
    }

    /** A name with its schema, as an identifier. */
    static String qualified(String schema, String name) {
        return MariaDbClients.identifier(schema) + '.' + MariaDbClients.identifier(name);
    }

    /** A condition that compares exactly; the first half lets the server look into one schema only. */
    static String is(String column, String value) {
        String hex = HexFormat.of().formatHex(value.getBytes(StandardCharsets.UTF_8));
        return column + " = " + MariaDbClients.literal(value) + " AND BINARY " + column + " = x'" + hex + "'";
    }

    private List<Item> items(String sql) throws IOException {
        return session.query(sql).stream()
                .map(row -> new Item(row.get(0).toLowerCase(Locale.ROOT), row.get(1), false))
                .toList();
    }

    private static String tableKind(String type) {
        return switch (type) {
            case "VIEW" -> "view";
            case "SEQUENCE" -> "sequence";
            default -> "table";
        };
    }
}
