package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.SqlSession;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Fits the {@code setup} blocks of a stream to this server: they hold one command on a line, a dump program's session
 * settings. What a newer pg_dump sets and this server does not know ({@code transaction_timeout}) is left out.
 */
final class PostgresSetup {
    private static final Pattern SETTING = Pattern.compile("SET (?:SESSION )?([a-z_]+) (?:=|TO) .*", Pattern.DOTALL);

    private final Set<String> known;
    private final Set<String> leftOut = Collections.synchronizedSet(new LinkedHashSet<>());

    PostgresSetup(SqlSession session) throws IOException {
        // these two spell settings that pg_settings lists under other names or not at all
        known = new LinkedHashSet<>(Set.of("names", "session_authorization"));
        known.addAll(session.column("SELECT name FROM pg_settings"));
    }

    /** The block without the lines that do not fit. */
    byte[] fit(byte[] block, int length) {
        ByteArrayOutputStream fitting = new ByteArrayOutputStream(length);
        int from = 0;
        while (from < length) {
            int to = from;
            while (to < length && block[to] != '\n') {
                to++;
            }
            to = Math.min(to + 1, length);
            // bytes, whatever the encoding of a comment between the commands
            if (fits(new String(block, from, to - from, StandardCharsets.ISO_8859_1))) {
                fitting.write(block, from, to - from);
            }
            from = to;
        }
        return fitting.toByteArray();
    }

    /** Names of the settings that were left out so far. */
    Set<String> leftOut() {
        return Set.copyOf(leftOut);
    }

    private boolean fits(String line) {
        Matcher setting = SETTING.matcher(line);
        if (!setting.matches() || known.contains(setting.group(1))) {
            return true;
        }
        leftOut.add(setting.group(1));
        return false;
    }
}
