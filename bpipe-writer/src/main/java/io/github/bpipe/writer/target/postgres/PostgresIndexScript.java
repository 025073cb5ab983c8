package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.sql.PostgresLexer;
import io.github.bpipe.core.sql.PostgresWords;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cuts a script that makes indexes and key constraints into one for each of them, so that several sessions can make
 * them. With an index go the settings that stand before it and what is said about it behind it (comment, statistics).
 */
final class PostgresIndexScript {
    /** As far as the access method: {@code CREATE INDEX i ON ONLY t USING btree}. */
    private static final int HEAD_WORDS = 8;

    /**
     * A script for one index.
     *
     * @param sorts true where the server makes it by sorting all rows
     * @param locks true where it needs the table for itself; false for what several sessions may do to one table
     */
    record Part(byte[] sql, boolean sorts, boolean locks) {}

    private final List<Part> parts = new ArrayList<>();
    private final Map<String, byte[]> settings = new TreeMap<>();
    private ByteArrayOutputStream script;
    private boolean sorts;
    private boolean locks;

    private PostgresIndexScript() {}

    /**
     * The parts, in their order; a script that was not understood to its end is left in one piece.
     *
     * @param standardStrings what {@code standard_conforming_strings} is
     */
    static List<Part> cut(byte[] whole, boolean standardStrings) {
        PostgresIndexScript cutter = new PostgresIndexScript();
        PostgresLexer lexer = new PostgresLexer();
        lexer.setStandardStrings(standardStrings);
        int from = 0;
        for (int end = lexer.end(whole, from, whole.length); end >= 0; end = lexer.end(whole, from, whole.length)) {
            cutter.statement(whole, from, from + (int) lexer.firstToken(), end);
            from = end;
        }
        return lexer.isBetweenStatements() && cutter.end() ? cutter.parts : List.of(new Part(whole, false, true));
    }

    private void statement(byte[] whole, int from, int token, int to) {
        List<String> words = PostgresWords.of(whole, token, to, HEAD_WORDS, StandardCharsets.ISO_8859_1);
        if (words.get(0).equals("SET")) {
            settings.put(words.get(1), statement(whole, token, to));
            return;
        }
        boolean adds = words.get(0).equals("CREATE") || words.contains("ADD");
        if (adds || script == null) {
            end();
            script = new ByteArrayOutputStream();
            settings.values().forEach(script::writeBytes);
        }
        script.writeBytes(statement(whole, from, to));
        locks |= words.get(0).equals("ALTER") && words.contains("TABLE");
        sorts |= adds && (words.contains("btree") || words.contains("PRIMARY") || words.contains("UNIQUE"));
    }

    private boolean end() {
        if (script != null) {
            parts.add(new Part(script.toByteArray(), sorts, locks));
            sorts = false;
            locks = false;
        }
        return script != null;
    }

    /** A statement and a newline. */
    private static byte[] statement(byte[] whole, int from, int to) {
        byte[] line = Arrays.copyOf(Arrays.copyOfRange(whole, from, to), to - from + 1);
        line[to - from] = '\n';
        return line;
    }
}
