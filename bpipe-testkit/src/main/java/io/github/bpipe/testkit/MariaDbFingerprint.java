package io.github.bpipe.testkit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a database is, as a map from its objects to their definitions and contents: two databases with equal maps are
 * equal, whatever their names. The keys are the kind and the name of an object, such as {@code table t} (definition),
 * {@code rows t} (count and checksum, history of versioned tables included) or {@code trigger t.x}.
 */
public final class MariaDbFingerprint {
    private static final String TABLES = "SELECT table_type, table_name FROM information_schema.tables WHERE"
            + " table_schema = DATABASE() ORDER BY table_name";
    private static final String ROUTINES = "SELECT routine_type, routine_name FROM information_schema.routines WHERE"
            + " routine_schema = DATABASE() ORDER BY routine_name";
    private static final String EVENTS =
            "SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema ="
                    + " DATABASE() ORDER BY event_name";
    private static final String TRIGGERS = "SELECT CONCAT(event_object_table, '.', trigger_name), action_timing,"
            + " event_manipulation, action_order, definer, sql_mode, character_set_client, collation_connection,"
            + " database_collation, action_statement FROM information_schema.triggers WHERE trigger_schema = DATABASE()";

    private final ThrowawayMariaDb server;
    private final String database;
    private final Map<String, String> found = new TreeMap<>();

    private MariaDbFingerprint(ThrowawayMariaDb server, String database) {
        this.server = server;
        this.database = database;
    }

    /** Definitions and contents of all objects of a database. */
    public static Map<String, String> of(ThrowawayMariaDb server, String database) {
        return new MariaDbFingerprint(server, database).read();
    }

    /** The same without the order of the keys and constraints in the definitions of tables. */
    public static Map<String, String> withoutKeyOrder(Map<String, String> fingerprint) {
        Map<String, String> plain = new TreeMap<>(fingerprint);
        plain.replaceAll((key, value) -> key.startsWith("table ") ? sortKeys(value) : value);
        return plain;
    }

    private Map<String, String> read() {
        found.put(
                "database",
                ask("SELECT default_character_set_name, default_collation_name, schema_comment FROM"
                        + " information_schema.schemata WHERE schema_name = DATABASE()"));
        List<String> keys = new ArrayList<>();
        StringBuilder sql = new StringBuilder();
        for (String[] row : rows(TABLES)) {
            describe(row[0], unescape(row[1]), keys, sql);
        }
        for (String[] row : rows(ROUTINES + ";" + EVENTS)) {
            keys.add(row[0].toLowerCase(java.util.Locale.ROOT) + " " + unescape(row[1]));
            sql.append("SHOW CREATE ")
                    .append(row[0])
                    .append(' ')
                    .append(quote(unescape(row[1])))
                    .append(";\n");
        }
        List<String> answers = ask(sql.toString()).lines().toList();
        if (answers.size() != keys.size()) {
            throw new AssertionError(keys.size() + " questions, " + answers.size() + " answers: " + answers);
        }
        for (int i = 0; i < keys.size(); i++) {
            String answer = answers.get(i);
            // CHECKSUM TABLE answers database.table and the sum; sequences stand with their database in definitions
            found.put(
                    keys.get(i),
                    keys.get(i).startsWith("checksum ")
                            ? answer.substring(answer.lastIndexOf('\t') + 1)
                            : answer.replace(quote(database) + ".", ""));
        }
        for (String[] row : rows(TRIGGERS)) {
            found.put("trigger " + row[0], String.join("\t", Arrays.asList(row).subList(1, row.length)));
        }
        return found;
    }

    private void describe(String type, String name, List<String> keys, StringBuilder sql) {
        switch (type) {
            case "VIEW" -> {
                keys.add("view " + name);
                sql.append("SHOW CREATE VIEW ").append(quote(name)).append(";\n");
            }
            case "SEQUENCE" -> {
                keys.add("sequence " + name);
                sql.append("SHOW CREATE SEQUENCE ").append(quote(name)).append(";\n");
                keys.add("rows " + name);
                sql.append("SELECT * FROM ").append(quote(name)).append(";\n");
            }
            default -> {
                keys.add("table " + name);
                sql.append("SHOW CREATE TABLE ").append(quote(name)).append(";\n");
                keys.add("rows " + name);
                sql.append("SELECT COUNT(*) FROM ").append(quote(name));
                sql.append(type.equals("SYSTEM VERSIONED") ? " FOR SYSTEM_TIME ALL;\n" : ";\n");
                keys.add("checksum " + name);
                sql.append(type.equals("SYSTEM VERSIONED") ? history(name) : "CHECKSUM TABLE " + quote(name) + ";\n");
            }
        }
    }

    private String history(String name) {
        List<String> columns = new ArrayList<>(List.of("ROW_START", "ROW_END"));
        for (String[] row :
                rows("SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() AND"
                        + " table_name = " + literal(name))) {
            columns.add("IFNULL(" + quote(unescape(row[0])) + ", CHAR(0))");
        }
        return "SELECT GROUP_CONCAT(h ORDER BY h) FROM (SELECT MD5(CONCAT_WS(CHAR(1), " + String.join(", ", columns)
                + ")) AS h FROM " + quote(name) + " FOR SYSTEM_TIME ALL) AS x;\n";
    }

    private String ask(String sql) {
        return server.sql(database, "SET NAMES utf8mb4; SET SESSION group_concat_max_len = 16777216;\n" + sql);
    }

    private List<String[]> rows(String sql) {
        return ask(sql).lines().map(line -> line.split("\t", -1)).toList();
    }

    private static String sortKeys(String definition) {
        String[] lines = definition.split("\\\\n", -1);
        return Arrays.stream(lines)
                .map(line -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line)
                .sorted(Comparator.comparing(line -> line.contains("KEY ") || line.contains("CONSTRAINT ") ? line : ""))
                .toList()
                .toString();
    }

    private static String unescape(String field) {
        return field.replace("\\n", "\n").replace("\\t", "\t").replace("\\\\", "\\");
    }

    private static String quote(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    private static String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
