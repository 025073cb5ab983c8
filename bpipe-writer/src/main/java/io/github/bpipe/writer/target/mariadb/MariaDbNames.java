package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbLocks;
import io.github.bpipe.core.engine.NameDigest;
import java.util.Set;

/**
 * The schemas that a restore of one database uses, and its lock.
 *
 * <p>A name says only where to look: what a schema is, is decided by the {@link MariaDbMarker} inside it.
 *
 * @param live the database that applications use
 * @param staged the copy that is being built
 * @param former what was live before and is kept
 * @param replaced what was live before and is not to be kept: exists only while a switch is under way
 */
record MariaDbNames(String live, String staged, String former, String replaced) {
    /** Characters, not bytes: what the server allows for the name of a schema. */
    private static final int MAX_CHARACTERS = 64;

    private static final String STAGED = "__bpipe_new";
    private static final String FORMER = "__bpipe_old";
    private static final String REPLACED = "__bpipe_out";
    private static final int DIGEST_CHARACTERS = 10;

    private static final Set<String> SYSTEM = Set.of("mysql", "information_schema", "performance_schema", "sys");

    static MariaDbNames of(String live) {
        return new MariaDbNames(live, bounded(live, STAGED), bounded(live, FORMER), bounded(live, REPLACED));
    }

    /** True for the schemas of the server itself. */
    static boolean isSystem(String name) {
        return SYSTEM.contains(name.toLowerCase(java.util.Locale.ROOT));
    }

    /** True for a name that a restore would give to one of its own schemas. */
    static boolean isReserved(String name) {
        return name.endsWith(STAGED) || name.endsWith(FORMER) || name.endsWith(REPLACED);
    }

    /** Name of the user-level lock whose holder is the only writer of this database; leaves room for a suffix. */
    String lock() {
        return MariaDbLocks.ofWriter(live);
    }

    /**
     * The names sort behind that of the live schema, because the server locks in that order and the switch relies on
     * the live tables being locked first.
     */
    private static String bounded(String live, String suffix) {
        if (live.codePointCount(0, live.length()) + suffix.length() <= MAX_CHARACTERS) {
            return live + suffix;
        }
        String digest = NameDigest.of(live, DIGEST_CHARACTERS) + suffix;
        int cut = live.offsetByCodePoints(0, MAX_CHARACTERS - digest.length() - 1);
        String greater = live.charAt(cut) < '~' ? "~" : "\uff5e";
        return live.substring(0, cut) + greater + digest;
    }
}
