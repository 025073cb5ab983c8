package io.github.bpipe.config.init;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.stream.Json;
import java.util.List;
import java.util.regex.Pattern;

/** A profile as it is written: YAML with comments. */
final class ProfileText {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z/][A-Za-z0-9_./-]*");
    /** What YAML takes for something else than a text. */
    private static final Pattern WORD = Pattern.compile("(?i)true|false|null|yes|no|on|off|y|n");

    private final StringBuilder text = new StringBuilder();

    ProfileText comment(String line) {
        text.append("# ").append(line.replaceAll("\\p{Cntrl}", "?")).append('\n');
        return this;
    }

    ProfileText section(String key) {
        text.append(key).append(":\n");
        return this;
    }

    /** A key of the profile itself; nothing where the value is null. */
    ProfileText key(String key, Object value) {
        return line("", key, value);
    }

    /** A key of the section; nothing where the value is null. */
    ProfileText inner(String key, Object value) {
        return line("  ", key, value);
    }

    /** A list of the section; nothing where it is empty. */
    ProfileText list(String key, List<String> values) {
        if (!values.isEmpty()) {
            text.append("  ").append(key).append(":\n");
            values.forEach(value -> text.append("    - ").append(scalar(value)).append('\n'));
        }
        return this;
    }

    /** A connection as a section; nothing where it is the default. */
    ProfileText connection(String key, Connection connection) {
        if (connection.equals(Connection.DEFAULT)) {
            return this;
        }
        return section(key)
                .inner("host", connection.host())
                .inner("port", connection.port())
                .inner("socket", connection.socket())
                .inner("user", connection.user())
                .inner("optionFile", connection.optionFile())
                .inner("runAs", connection.runAs())
                .inner("clients", connection.clients());
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private ProfileText line(String indent, String key, Object value) {
        if (value != null) {
            String scalar = value instanceof Integer ? value.toString() : scalar(value.toString());
            text.append(indent).append(key).append(": ").append(scalar).append('\n');
        }
        return this;
    }

    /** A text in double quotes is the same in JSON and YAML. */
    private static String scalar(String value) {
        boolean plain = PLAIN.matcher(value).matches() && !WORD.matcher(value).matches();
        return plain ? value : Json.pretty(value);
    }
}
