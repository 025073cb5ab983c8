package io.github.bpipe.core.engine;

import java.util.regex.Pattern;

/** The name of a database in a grant: {@code %} and {@code _} stand for others unless escaped. */
public final class MariaDbNamePattern {
    private MariaDbNamePattern() {}

    /** True where a grant on that pattern is one on the database of that name. */
    public static boolean matches(String pattern, String name) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '\\' && i + 1 < pattern.length()) {
                regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
            } else if (c == '%') {
                regex.append(".*");
            } else if (c == '_') {
                regex.append('.');
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(name).matches();
    }
}
