package io.github.bpipe.writer.target.mariadb;

/**
 * In which character set a session that loads hands over its statements, which are UTF-8 in every case.
 *
 * <p>In UTF-8 the server goes through a statement character by character: to find where a string ends, and to count what
 * it holds for the type of an expression ({@code get_text} of sql_lex.cc, {@code Item_string} of item.h). Neither is
 * needed, since no byte of a longer character in UTF-8 is ASCII. Both together are a third of the server's work before a
 * row is stored (140 MB of rows of text into a BLACKHOLE table of MariaDB 10.11: 3.3 s of CPU in UTF-8, 2.9 s with
 * {@link #CLIENT_BINARY}, 1.95 s with {@link #ALL_BINARY}).
 */
enum MariaDbCharset {
    /** What the stream itself has set. */
    STREAM(""),
    /** Strings end where their bytes say so; what they hold is text in the stream's character set. */
    CLIENT_BINARY("character_set_client = binary"),
    /** Strings hold bytes, which a column of UTF-8 takes as they are, and any other would take wrongly. */
    ALL_BINARY("character_set_client = binary, collation_connection = binary");

    private static final String SAVE =
            "SET @bpipe_client = @@character_set_client, @bpipe_connection = @@collation_connection;\n";
    private static final String RESTORE =
            "SET character_set_client = @bpipe_client, collation_connection = @bpipe_connection;\n";

    private final String settings;

    MariaDbCharset(String settings) {
        this.settings = settings;
    }

    /** Statements that make a session that has this one have another. */
    String change(MariaDbCharset to) {
        String back = this == STREAM ? "" : RESTORE;
        return to == STREAM ? back : back + SAVE + "SET " + to.settings + ";\n";
    }
}
