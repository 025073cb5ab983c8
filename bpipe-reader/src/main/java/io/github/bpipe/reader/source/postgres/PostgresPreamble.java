package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.PostgresDatabaseSql;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.stream.Header;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** SQL comments for the top of a script: what its statements do not carry, for whoever loads it by hand. No secrets. */
final class PostgresPreamble {
    private final StringBuilder text = new StringBuilder();
    private final Charset charset;

    private PostgresPreamble(Charset charset) {
        this.charset = charset;
    }

    /**
     * The comments, each line of which is one.
     *
     * @param serverMajor major version of the server that is dumped
     * @param charset of the script
     */
    static String of(
            String database,
            PostgresProperties properties,
            List<Header.Account> accounts,
            int serverMajor,
            Charset charset) {
        PostgresDatabaseSql sql = new PostgresDatabaseSql(properties);
        PostgresPreamble preamble = new PostgresPreamble(charset);
        preamble.line("One database, dumped by bpipe-reader. The statements here make what the script does not;");
        preamble.line("a control character in them is shown as \\u and four digits.");
        preamble.line("Before it is loaded, the roles (without their passwords) and an empty database:");
        accounts.forEach(account -> preamble.line("  CREATE ROLE " + account.name() + ";"));
        accounts.forEach(account -> account.grants().forEach(grant -> preamble.line("  " + grant + ";")));
        preamble.line("  " + sql.create(database, serverMajor) + ";");
        preamble.line("  " + sql.owner(database) + ";");
        preamble.line("Load it: zstd -dc FILE | psql -X -v ON_ERROR_STOP=1 -d DATABASE");
        preamble.line("Afterwards:");
        sql.properties(database).forEach(statement -> preamble.line("  " + statement + ";"));
        preamble.line("  ANALYZE;");
        return preamble.text.append('\n').toString();
    }

    /** Nothing in it may end the comment: no name and no value can smuggle a statement in. */
    private void line(String content) {
        text.append("-- ");
        for (int i = 0; i < content.length(); i++) {
            char c = content.charAt(i);
            if (Character.isISOControl(c) || (c > '~' && !charset.equals(StandardCharsets.UTF_8))) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        text.append('\n');
    }
}
