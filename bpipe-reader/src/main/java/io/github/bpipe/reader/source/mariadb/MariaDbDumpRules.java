package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import java.nio.charset.StandardCharsets;

/**
 * How the statements of a dump belong together: settings are saved in variables of the user before an object's
 * definition and given back behind it, and so are those of the whole script.
 */
final class MariaDbDumpRules {
    /** What the beginning of the script saves, and its end gives back. */
    private static final String SCRIPT_VARIABLE = "@OLD_";

    private static final String HISTORY = "system_versioning_insert_history";
    private static final byte[] HISTORY_END =
            ("/*M!101100 SET " + HISTORY + "=@old_" + HISTORY + " */;\n").getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NOTHING = new byte[0];

    private boolean delimiterOpen;
    private boolean collationOpen;

    /** True for the settings of the whole script, with which it begins. */
    static boolean isSetup(MySqlStatement next) {
        boolean ofGroup = next.assignments().stream()
                .anyMatch(set -> set.saves() && !set.target().startsWith(SCRIPT_VARIABLE));
        return next.verb() == Verb.NONE || (next.verb() == Verb.SET && !ofGroup && !isFooter(next));
    }

    /** True for what gives back the settings of the whole script. */
    static boolean isFooter(MySqlStatement next) {
        return givesBack(next, true);
    }

    /**
     * True for what closes what the group in hand has opened.
     *
     * @param owner the definition or INSERT of that group
     */
    boolean isTrailing(MySqlStatement owner, MySqlStatement next) {
        return switch (next.verb()) {
            case SET -> givesBack(next, false);
            case NONE -> delimiterOpen;
            case ALTER_DATABASE -> collationOpen;
            case SETVAL -> owner.concerns("sequence");
            default -> false;
        };
    }

    /** What gives back behind rows the settings that stand before them. */
    static byte[] behindRows(byte[] before) {
        return new String(before, StandardCharsets.UTF_8).contains(HISTORY) ? HISTORY_END : NOTHING;
    }

    /** Takes note of what the statement opens or closes. */
    void follow(MySqlStatement next) {
        delimiterOpen ^= next.verb() == Verb.NONE;
        collationOpen ^= next.verb() == Verb.ALTER_DATABASE;
    }

    /** The group in hand has ended. */
    void nextGroup() {
        delimiterOpen = false;
        collationOpen = false;
    }

    private static boolean givesBack(MySqlStatement next, boolean ofScript) {
        return next.verb() == Verb.SET
                && !next.assignments().isEmpty()
                && next.assignments().stream()
                        .allMatch(set -> set.restores() && set.value().startsWith(SCRIPT_VARIABLE) == ofScript);
    }
}
