package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.MySqlUnits;
import io.github.bpipe.core.sql.SqlToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Reads from a script of triggers which table each one belongs to. */
final class MariaDbTriggerScript {
    private final Map<String, List<String>> byTable = new TreeMap<>();
    private final MySqlUnits script = new MySqlUnits(this::take);

    private MariaDbTriggerScript() {}

    /** Names of the triggers of each table that has any. */
    static Map<String, List<String>> byTable(byte[] triggers) throws IOException {
        MariaDbTriggerScript reader = new MariaDbTriggerScript();
        reader.script.feed(triggers, triggers.length);
        reader.script.finish();
        return reader.byTable;
    }

    /** Names of all of them. */
    static Set<String> names(byte[] triggers) throws IOException {
        return byTable(triggers).values().stream().flatMap(List::stream).collect(Collectors.toSet());
    }

    /** Those of a script for the schema {@code live} whose tables are among these. */
    static byte[] of(byte[] triggers, List<String> tables, String live) throws IOException {
        Map<String, List<String>> byTable = byTable(triggers);
        byTable.keySet().retainAll(tables);
        Set<String> names = byTable.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        MariaDbRewrite rewrite = new MariaDbRewrite(
                live,
                live,
                new MariaDbEvents(),
                MariaDbRewrite.Purpose.KEEP_PLAIN,
                names::contains,
                (bytes, length) -> kept.write(bytes, 0, length));
        rewrite.feed(triggers, triggers.length);
        rewrite.finish();
        return kept.toByteArray();
    }

    private void take(MySqlStatement statement, byte[] text) {
        if (!statement.concerns("trigger") || statement.verb() != MySqlStatement.Verb.CREATE) {
            return;
        }
        List<SqlToken> tokens = MySqlTokenizer.tokens(text, script.sqlMode()).stream()
                .filter(SqlToken::isCode)
                .toList();
        for (int i = 0; i + 3 < tokens.size(); i++) {
            if (tokens.get(i).isWord("on")) {
                boolean qualified = tokens.get(i + 2).isSign('.');
                String table = tokens.get(qualified ? i + 3 : i + 1).text();
                byTable.computeIfAbsent(table, name -> new ArrayList<>()).add(statement.name());
                return;
            }
        }
    }
}
