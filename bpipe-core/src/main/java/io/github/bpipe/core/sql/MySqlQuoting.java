package io.github.bpipe.core.sql;

import java.util.Locale;

/**
 * What the SQL mode of MariaDB or MySQL means for quotes.
 *
 * @param backslashEscapes false in the mode NO_BACKSLASH_ESCAPES
 * @param ansiQuotes true in the mode ANSI_QUOTES, where double quotes hold names
 */
record MySqlQuoting(boolean backslashEscapes, boolean ansiQuotes) {
    static final MySqlQuoting USUAL = new MySqlQuoting(true, false);

    static MySqlQuoting of(String sqlMode) {
        String mode = sqlMode.toUpperCase(Locale.ROOT);
        // ANSI alone is a mode that has ANSI_QUOTES in it
        return new MySqlQuoting(!mode.contains("NO_BACKSLASH_ESCAPES"), mode.contains("ANSI"));
    }

    /** True when such quotes hold a name and not a string. */
    boolean holdsName(byte quote) {
        return quote == '`' || (quote == '"' && ansiQuotes);
    }

    /** True when a backslash escapes between such quotes. */
    boolean escapesIn(byte quote) {
        return backslashEscapes && !holdsName(quote);
    }
}
