package io.github.bpipe.writer.diff;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.MySqlUnits;
import io.github.bpipe.core.sql.SqlToken;
import io.github.bpipe.core.sql.SqlToken.Kind;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.target.mariadb.MariaDbCatalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** MariaDB and MySQL: the dump programs print what {@code SHOW CREATE} answers, between marks of their own. */
final class MariaDbSide implements Side {
    private final Place place;
    private final String source;
    private final Contents stream = new Contents();
    private final MySqlUnits script = new MySqlUnits(this::define);

    /**
     * @param source name of the database that the stream was made from
     */
    MariaDbSide(Place place, String source) {
        this.place = place;
        this.source = source;
    }

    @Override
    public boolean wants(BlockHead head) {
        return head.phase() != Phase.DATA;
    }

    @Override
    public void block(BlockHead head, byte[] raw) throws IOException {
        script.feed(raw, head.raw());
    }

    @Override
    public Contents ofStream(List<ObjectEntry> objects) throws IOException {
        script.finish();
        objects.forEach(stream::object);
        return stream;
    }

    @Override
    public Contents ofLive() throws IOException {
        Contents live = new Contents();
        try (SqlSession session = new MariaDbClients(place.engine(), place.connection()).session(place.database())) {
            for (MariaDbCatalog.Item item : new MariaDbCatalog(session).all(place.database())) {
                Long rows = item.kind().equals("table")
                        ? Long.valueOf(MariaDbCatalog.count(session, place.database(), item))
                        : null;
                live.object(new ObjectEntry(item.name(), item.kind(), rows, null));
                define(session, item, live);
            }
        }
        return live;
    }

    private void define(MySqlStatement statement, byte[] text) {
        if (statement.verb() == Verb.CREATE && statement.objectKind() != null) {
            // a view is first made as a placeholder
            stream.onlyDefinition(
                    statement.objectKind() + " " + statement.name(), plain(text, script.sqlMode(), source));
        }
    }

    private void define(SqlSession session, MariaDbCatalog.Item item, Contents live) throws IOException {
        List<String> answer = session.query("SHOW CREATE " + item.kind().toUpperCase(Locale.ROOT) + " "
                        + MariaDbClients.identifier(item.name()))
                .get(0);
        String mode =
                switch (item.kind()) {
                    case "table", "view", "sequence" -> "";
                    default -> answer.get(1);
                };
        int text =
                switch (item.kind()) {
                    case "table", "view", "sequence" -> 1;
                    case "event" -> 3;
                    default -> 2;
                };
        live.onlyDefinition(
                item.kind() + " " + item.name(),
                plain(answer.get(text).getBytes(StandardCharsets.UTF_8), mode, place.database()));
    }

    /** The tokens of a statement, without comments, the number that counts on, and the name of the database. */
    private static String plain(byte[] text, String sqlMode, String database) {
        List<SqlToken> tokens = MySqlTokenizer.tokens(text, sqlMode).stream()
                .filter(token -> token.isCode() && !token.isSign(';'))
                .toList();
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < tokens.size(); i++) {
            SqlToken token = tokens.get(i);
            boolean counts = token.isWord("auto_increment")
                    && i + 2 < tokens.size()
                    && tokens.get(i + 1).isSign('=');
            boolean qualifies = token.kind() == Kind.NAME
                    && token.text().equals(database)
                    && i + 1 < tokens.size()
                    && tokens.get(i + 1).isSign('.');
            if (counts || qualifies) {
                i += counts ? 2 : 1;
            } else {
                plain.append(token.kind() == Kind.STRING ? '\'' : ' ').append(token.text());
            }
        }
        return plain.toString();
    }
}
