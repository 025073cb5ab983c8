package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.SqlToken;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which events are to be enabled in the end: until the switch they stand disabled, because the server would run an
 * enabled one in the staged copy.
 */
final class MariaDbEvents {
    private final Set<String> enabled = new HashSet<>();
    private final Set<String> once = new HashSet<>();

    /** The word to turn into DISABLE in a CREATE EVENT, or null where it is disabled already; remembers the event. */
    SqlToken disable(String name, List<SqlToken> tokens) {
        SqlToken state = state(tokens, "enable");
        if (state != null) {
            enabled.add(name);
        }
        if (tokens.stream().anyMatch(token -> token.isWord("at"))) {
            once.add(name);
        }
        return state;
    }

    /** The word to turn back into ENABLE, or null where the event is to stay disabled. */
    SqlToken enable(String name, List<SqlToken> tokens) {
        return enabled.contains(name) ? state(tokens, "disable") : null;
    }

    /** True for an event that happens once: the server drops it unasked when its time is over. */
    boolean happensOnce(String name) {
        return once.contains(name);
    }

    private static SqlToken state(List<SqlToken> tokens, String state) {
        for (SqlToken token : tokens) {
            if (token.isWord("do")) {
                return null;
            }
            if (token.isWord(state)) {
                return token;
            }
        }
        return null;
    }
}
