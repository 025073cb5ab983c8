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

    private final Set<String> indexes = new HashSet<>();

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
        if (words.get(0).equals("SET")) {
            return true;
        }
        if (words.get(0).equals("ALTER") && words.get(1).equals("TABLE")) {
            int name = words.get(2).equals("ONLY") ? 3 : 2;
            int references = words.indexOf("REFERENCES");
            return isWanted(words.get(name))
                    && (references < 0 || isWanted(words.get(references + 1)))
                    && remember(words, name);
        }
        if (words.get(0).equals("ALTER") && words.get(1).equals("INDEX")) {
            int attached = words.indexOf("PARTITION") + 1;
            return indexes.contains(last(words.get(2))) && attached > 0 && indexes.contains(last(words.get(attached)));
        }
        int on = words.indexOf("ON");
        boolean known = words.get(0).equals("CREATE")
                && Set.of("INDEX", "UNIQUE", "TRIGGER", "CONSTRAINT", "POLICY").contains(words.get(1));
        if (!known || on < 0) {
            return false;
        }
        indexes.add(words.get(on - 1));
        return isWanted(words.get(words.get(on + 1).equals("ONLY") ? on + 2 : on + 1));
    }

    /** The index of a key has the name of its constraint. */
    private boolean remember(List<String> words, int table) {
        int constraint = words.indexOf("CONSTRAINT");
        if (constraint > table) {
            indexes.add(words.get(constraint + 1));
        }
        return true;
    }

    private boolean isWanted(String name) {
        return patterns.match(PostgresWords.parts(new String(name.getBytes(AS_BYTES), StandardCharsets.UTF_8)));
    }

    /** The last part of a qualified name, quoted as it stands. */
    private static String last(String name) {
        boolean quoted = name.endsWith("\"");
        int dot = quoted ? name.lastIndexOf(".\"") : name.lastIndexOf('.');
        return name.substring(dot + 1);
    }
}
