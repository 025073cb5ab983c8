package io.github.bpipe.core.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Version of a server or a client program of the MySQL family.
 *
 * @param family {@link Engine#MARIADB} or {@link Engine#MYSQL}
 * @param major first number
 * @param minor second number
 * @param text as it was said
 */
public record MariaDbVersion(Engine family, int major, int minor, String text) {
    /** What a server behind a replication-compatible prefix says. */
    private static final String COMPATIBLE_PREFIX = "5.5.5-";

    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)\\.\\d+");
    /** The number of the release; an older "Ver" before it is that of the program alone. */
    private static final Pattern RELEASE = Pattern.compile("(?:Distrib|from) (\\d+\\.\\d+\\.\\d+)");

    /** Of what {@code SELECT VERSION()} answers; null where it is no version. */
    public static MariaDbVersion ofServer(String version) {
        String plain = version.startsWith(COMPATIBLE_PREFIX) ? version.substring(COMPATIBLE_PREFIX.length()) : version;
        return of(plain, version);
    }

    /** Of what {@code mariadb-dump --version} or {@code mysqldump --version} prints; null where it is no version. */
    public static MariaDbVersion ofProgram(String printed) {
        Matcher release = RELEASE.matcher(printed);
        return of(release.find() ? release.group(1) : printed, printed.strip());
    }

    private static MariaDbVersion of(String numbers, String text) {
        Matcher matcher = NUMBERS.matcher(numbers);
        if (!matcher.find()) {
            return null;
        }
        Engine family = text.contains("MariaDB") ? Engine.MARIADB : Engine.MYSQL;
        return new MariaDbVersion(family, Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)), text);
    }

    /** True for that release or a later one. */
    public boolean atLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || (major == otherMajor && minor >= otherMinor);
    }

    /** Release without its patch level, such as 10.11. */
    public String release() {
        return major + "." + minor;
    }
}
