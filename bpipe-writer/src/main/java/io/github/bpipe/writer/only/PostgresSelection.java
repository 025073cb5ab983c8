package io.github.bpipe.writer.only;

import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.core.stream.Phase;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which statements of pg_dump belong to the wanted tables, and which tables and views have to go again. */
final class PostgresSelection {
    private static final Charset AS_BYTES = StandardCharsets.ISO_8859_1;
    /** More than stands before the last name that matters, the one behind REFERENCES. */
    private static final int WORDS = 200;

    private final TablePatterns patterns;
    /** What is dropped at the end, in this order: name to the kind of its DROP. */
    private final Map<String, String> relations = new LinkedHashMap<>();

    /** What was added to wanted tables, by schema and name: indexes, keys, triggers, policies, rules. */
    private final Set<String> added = new HashSet<>();

    PostgresSelection(TablePatterns patterns) {
        this.patterns = patterns;
    }

    /**
     * Decides about a statement.
     *
     * @param token index of its first token
     */
    boolean keeps(Phase phase, byte[] text, int token) {
        List<String> words = PostgresWords.of(text, token, text.length, WORDS, AS_BYTES);
        if (words.isEmpty()) {
            return true;
        }
        return phase == Phase.SCHEMA ? keepsDefinition(words, text) : keepsAddition(words);
    }

    /** Drops what is not wanted; what depends on it goes with it, as foreign keys and rules do. */
    String drops() {
        StringBuilder sql = new StringBuilder();
        relations.forEach((name, kind) -> {
            if (!isWanted(name) || !kind.equals("TABLE")) {
                sql.append("DROP ")
                        .append(kind)
                        .append(" IF EXISTS ")
                        .append(name)
                        .append(" CASCADE;\n");
            }
        });
        return sql.toString();
    }

    private boolean keepsDefinition(List<String> words, byte[] text) {
        int attach = words.indexOf("ATTACH");
        if (words.get(0).equals("ALTER") && attach > 0 && words.get(attach + 1).equals("PARTITION")) {
            return isWanted(words.get(attach - 1)) && isWanted(words.get(attach + 2));
        }
        if (words.get(0).equals("CREATE")) {
            define(words, new String(text, AS_BYTES));
        }
        return true;
    }

    private void define(List<String> words, String text) {
        int kind = Set.of("UNLOGGED", "FOREIGN", "MATERIALIZED").contains(words.get(1)) ? 2 : 1;
        switch (words.get(kind)) {
            case "TABLE" -> {
                String name = words.get(kind + 1);
                relations.put(name, words.get(1).equals("FOREIGN") ? "FOREIGN TABLE" : "TABLE");
                int inherits = text.lastIndexOf("\nINHERITS (");
                if (isWanted(name) && inherits > 0) {
                    keepParents(text.substring(inherits));
                }
            }
            case "VIEW" -> relations.put(words.get(kind + 1), kind == 2 ? "MATERIALIZED VIEW" : "VIEW");
            default -> {
                // types, functions, sequences and schemas stay
            }
        }
    }

    /** A child cannot stand without those that it inherits from; they come before it. */
    private void keepParents(String inherits) {
        byte[] bytes = inherits.getBytes(AS_BYTES);
        PostgresWords.of(bytes, 0, bytes.length, WORDS, AS_BYTES).forEach(relations::remove);
    }

    private boolean keepsAddition(List<String> words) {
        return switch (words.get(0)) {
            case "SET" -> true;
            case "ALTER" -> keepsChange(words);
            case "CREATE" -> keepsCreation(words);
            case "COMMENT" -> keepsComment(words);
            default -> false;
        };
    }

    private boolean keepsChange(List<String> words) {
        if (words.get(1).equals("TABLE")) {
            int name = words.get(2).equals("ONLY") ? 3 : 2;
            int references = words.indexOf("REFERENCES");
            return isWanted(words.get(name))
                    && (references < 0 || isWanted(words.get(references + 1)))
                    && remember(words, name);
        }
        int attached = words.indexOf("PARTITION") + 1;
        return words.get(1).equals("INDEX")
                && added.contains(words.get(2))
                && attached > 0
                && added.contains(words.get(attached));
    }

    private boolean keepsCreation(List<String> words) {
        String kind = words.get(1);
        if (kind.equals("RULE")) {
            // ON, an event, TO
            int to = words.indexOf("TO");
            return to > 0 && keepsNamed(words.get(to + 1), words.get(2));
        }
        int on = words.indexOf("ON");
        if (on < 0
                || !Set.of("INDEX", "UNIQUE", "TRIGGER", "CONSTRAINT", "POLICY").contains(kind)) {
            return false;
        }
        String table = words.get(words.get(on + 1).equals("ONLY") ? on + 2 : on + 1);
        String name = words.get(kind.equals("CONSTRAINT") ? 3 : 2);
        return keepsNamed(table, kind.equals("INDEX") || kind.equals("UNIQUE") ? words.get(on - 1) : name);
    }

    /** Those of what stands here; a comment on a table stands behind its definition. */
    private boolean keepsComment(List<String> words) {
        int on = words.lastIndexOf("ON");
        return switch (words.get(2)) {
            case "INDEX" -> added.contains(words.get(3));
            case "CONSTRAINT", "TRIGGER", "POLICY", "RULE" -> added.contains(inSchema(words.get(on + 1), words.get(3)));
            default -> false;
        };
    }

    private boolean keepsNamed(String table, String name) {
        if (!isWanted(table)) {
            return false;
        }
        added.add(inSchema(table, name));
        return true;
    }

    /** The index of a key has the name of its constraint. */
    private boolean remember(List<String> words, int table) {
        int constraint = words.indexOf("CONSTRAINT");
        if (constraint > table) {
            added.add(inSchema(words.get(table), words.get(constraint + 1)));
        }
        return true;
    }

    private boolean isWanted(String name) {
        return patterns.match(PostgresWords.parts(new String(name.getBytes(AS_BYTES), StandardCharsets.UTF_8)));
    }

    /** A name in the schema of a table, both quoted as they stand. */
    private static String inSchema(String table, String name) {
        boolean quoted = table.endsWith("\"");
        int dot = quoted ? table.lastIndexOf(".\"") : table.lastIndexOf('.');
        return table.substring(0, dot + 1) + name;
    }
}
