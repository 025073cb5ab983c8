package io.github.bpipe.writer.diff;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.sql.PostgresLexer;
import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** PostgreSQL: the definitions are the statements of pg_dump, of the stream and of one for the live database. */
final class PostgresSide implements Side {
    /** By so many words a statement is named. */
    private static final int NAMING_WORDS = 6;

    private final Place place;
    private final Contents stream = new Contents();
    private final Statements statements = new Statements(stream);

    PostgresSide(Place place) {
        this.place = place;
    }

    @Override
    public boolean wants(BlockHead head) {
        return head.phase() != Phase.DATA && !PostgresObjects.RESTRICT.equals(head.object());
    }

    @Override
    public void block(BlockHead head, byte[] raw) {
        statements.feed(raw, head.raw());
    }

    @Override
    public Contents ofStream(List<ObjectEntry> objects) {
        objects.forEach(stream::object);
        return stream;
    }

    @Override
    public Contents ofLive() throws IOException {
        PostgresClients clients = new PostgresClients(place.connection());
        Contents live = new Contents();
        try (SqlSession session = clients.session(place.database())) {
            session.execute("SET row_security = off; SET search_path = ''");
            for (PostgresObjects.Item item : PostgresObjects.list(session)) {
                Long rows = item.kind().equals(PostgresObjects.TABLE)
                        ? Long.valueOf(session.value("SELECT count(*) FROM ONLY " + item.name()))
                        : null;
                live.object(new ObjectEntry(item.name(), item.kind(), rows, null));
            }
            String large = session.value("SELECT count(*) FROM pg_catalog.pg_largeobject_metadata");
            if (stream.rows().containsKey(PostgresObjects.LARGE_OBJECTS + " " + PostgresObjects.LARGE_OBJECTS)) {
                live.object(new ObjectEntry(
                        PostgresObjects.LARGE_OBJECTS, PostgresObjects.LARGE_OBJECTS, Long.valueOf(large), null));
            }
        }
        // which rows of an extension's table are the user's, only a dump can tell
        stream.rows().keySet().stream()
                .filter(name -> name.startsWith(PostgresObjects.EXTENSION_TABLE))
                .forEach(name -> live.rows().put(name, null));
        Statements ofDump = new Statements(live);
        for (String section : List.of("pre-data", "post-data")) {
            Captured dump =
                    Captured.run(clients.pgDump(place.database(), List.of("--section=" + section, "--encoding=UTF8")));
            if (dump.status() != 0) {
                throw clients.failure(dump.status(), dump.stderr());
            }
            byte[] script = dump.stdout().getBytes(StandardCharsets.UTF_8);
            ofDump.feed(script, script.length);
        }
        return live;
    }

    /** Takes scripts apart. */
    private static final class Statements {
        private final Contents contents;
        private final PostgresLexer lexer = new PostgresLexer();
        private final ByteArrayOutputStream statement = new ByteArrayOutputStream();

        Statements(Contents contents) {
            this.contents = contents;
        }

        void feed(byte[] bytes, int length) {
            int from = 0;
            while (from < length) {
                int end = lexer.end(bytes, from, length);
                int to = end < 0 ? length : end;
                statement.write(bytes, from, to - from);
                if (end >= 0) {
                    add(statement.toByteArray(), (int) Math.max(0, lexer.firstToken()));
                    statement.reset();
                }
                from = to;
            }
        }

        private void add(byte[] text, int token) {
            List<String> words = PostgresWords.of(text, token, text.length, NAMING_WORDS, StandardCharsets.UTF_8);
            boolean definition = words.size() > 2
                    && List.of("CREATE", "ALTER", "COMMENT", "GRANT", "REVOKE", "SECURITY")
                            .contains(words.get(0));
            if (definition) {
                String name = String.join(" ", words).replaceFirst(" ?[(;].*", "");
                contents.definition(name, new String(text, token, text.length - token, StandardCharsets.UTF_8).strip());
            }
        }
    }
}
