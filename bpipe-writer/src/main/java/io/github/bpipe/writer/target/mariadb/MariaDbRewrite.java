package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.sql.MySqlScript;
import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.SqlToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a script of definitions fit for a schema of another name: what names the schema it came from names the new one
 * afterwards, and events are disabled on their way into a staged copy and enabled on their way out of it. Everything
 * else passes unchanged, byte for byte.
 */
final class MariaDbRewrite implements MySqlScript.Listener {
    /** Takes the rewritten script. */
    interface Sink {
        void write(byte[] bytes, int length) throws IOException;
    }

    /** Learns of each table, and says what to leave out of its definition. */
    interface Tables {
        /**
         * A definition in the usual SQL mode.
         *
         * @param tokens all of its tokens
         */
        List<MariaDbLateKeys.Gap> define(String table, byte[] definition, List<SqlToken> tokens);
    }

    /**
     * What the script is for. Some replace the triggers and routines that stand there in one step, in which a routine
     * keeps its grants and nobody misses it; MySQL cannot do that.
     */
    enum Purpose {
        /** To be loaded into a copy that is not live yet: events stand disabled there. */
        LOAD(true, false),
        /** The same, over the routines of a database that is restored in place. */
        LOAD_OVER(true, true),
        /** To be kept until the copy is live: events get their state back. */
        KEEP(false, true),
        /** The same without replacing. */
        KEEP_PLAIN(false, false),
        /** To be run by a session that holds table locks, to which the server refuses {@code ALTER DATABASE}. */
        UNDER_LOCK(false, false);

        private final boolean disables;
        private final boolean replaces;

        Purpose(boolean disables, boolean replaces) {
            this.disables = disables;
            this.replaces = replaces;
        }
    }

    private record Edit(int from, int to, String text) {}

    private final String newSchema;
    private final MariaDbQualifiers qualifiers;
    private final MariaDbEvents events;
    private final Purpose purpose;
    private final Predicate<String> triggers;
    private final Tables tables;
    private final Sink sink;
    private final MySqlScript script = new MySqlScript(this);
    private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
    private MySqlStatement statement = MySqlStatement.none();

    MariaDbRewrite(String oldSchema, String newSchema, MariaDbEvents events, Purpose purpose, Sink sink) {
        this(oldSchema, newSchema, events, purpose, name -> true, null, sink);
    }

    /** For a script to be loaded, of whose tables not everything is made at once. */
    MariaDbRewrite(
            String oldSchema, String newSchema, MariaDbEvents events, Purpose purpose, Tables tables, Sink sink) {
        this(oldSchema, newSchema, events, purpose, name -> true, tables, sink);
    }

    /** @param triggers which ones to keep in the script */
    MariaDbRewrite(
            String oldSchema,
            String newSchema,
            MariaDbEvents events,
            Purpose purpose,
            Predicate<String> triggers,
            Sink sink) {
        this(oldSchema, newSchema, events, purpose, triggers, null, sink);
    }

    private MariaDbRewrite(
            String oldSchema,
            String newSchema,
            MariaDbEvents events,
            Purpose purpose,
            Predicate<String> triggers,
            Tables tables,
            Sink sink) {
        this.triggers = triggers;
        this.tables = tables;
        this.newSchema = newSchema;
        this.qualifiers = new MariaDbQualifiers(oldSchema);
        this.events = events;
        this.purpose = purpose;
        this.sink = sink;
    }

    /** Takes the next bytes of the script. */
    void feed(byte[] bytes, int length) throws IOException {
        script.feed(bytes, 0, length);
    }

    /** The script has ended. */
    void finish() throws IOException {
        script.finish();
    }

    /** An expression that may call sequence functions, for a schema of another name. */
    static String expression(String expression, String oldSchema, String newSchema) {
        byte[] bytes = expression.getBytes(StandardCharsets.UTF_8);
        List<Edit> edits = new ArrayList<>();
        for (SqlToken token : new MariaDbQualifiers(oldSchema).inTable(MySqlTokenizer.tokens(bytes))) {
            edits.add(new Edit(token.from(), token.to(), MariaDbClients.identifier(newSchema)));
        }
        return new String(edited(bytes, edits), StandardCharsets.UTF_8);
    }

    @Override
    public void begin(MySqlStatement begun) {
        statement = begun;
        unit.reset();
    }

    @Override
    public void part(byte[] bytes, int from, int count) {
        unit.write(bytes, from, count);
    }

    @Override
    public void end(long groups) throws IOException {
        boolean otherTrigger = statement.concerns("trigger") && !triggers.test(statement.name());
        boolean refused = purpose == Purpose.UNDER_LOCK && statement.verb() == Verb.ALTER_DATABASE;
        boolean replaced = purpose.replaces && statement.verb() == Verb.DROP && isRoutine();
        if (otherTrigger || refused || replaced) {
            return;
        }
        byte[] bytes = unit.toByteArray();
        byte[] rewritten = edited(bytes, edits(bytes));
        sink.write(rewritten, rewritten.length);
    }

    private List<Edit> edits(byte[] bytes) {
        boolean create = statement.verb() == Verb.CREATE && statement.objectKind() != null;
        if (!create && statement.verb() != Verb.ALTER_DATABASE) {
            return List.of();
        }
        List<SqlToken> all = MySqlTokenizer.tokens(bytes, script.sqlMode());
        List<SqlToken> tokens = all.stream().filter(SqlToken::isCode).toList();
        if (!create) {
            return schemaEdits(alteredDatabase(tokens));
        }
        return switch (statement.objectKind()) {
            case "table" -> tableEdits(bytes, all, tokens);
            case "view" -> schemaEdits(qualifiers.inView(tokens));
            case "trigger" -> triggerEdits(tokens);
            case "event" -> eventEdits(tokens);
            case "procedure", "function", "package", "package body" -> replacing(tokens);
            default -> List.of();
        };
    }

    private List<Edit> tableEdits(byte[] bytes, List<SqlToken> all, List<SqlToken> tokens) {
        List<Edit> edits = new ArrayList<>(schemaEdits(qualifiers.inTable(tokens)));
        if (tables != null && script.quotesAsUsual()) {
            tables.define(statement.name(), bytes, all).forEach(gap -> edits.add(new Edit(gap.from(), gap.to(), "")));
        }
        return edits;
    }

    /** {@code ALTER DATABASE name CHARACTER SET ...}: printed around what was created under another collation. */
    private static List<SqlToken> alteredDatabase(List<SqlToken> tokens) {
        boolean named = tokens.size() > 2 && tokens.get(2).kind() == SqlToken.Kind.NAME;
        return named ? List.of(tokens.get(2)) : List.of();
    }

    private List<Edit> schemaEdits(List<SqlToken> found) {
        return found.stream()
                .map(token -> new Edit(token.from(), token.to(), MariaDbClients.identifier(newSchema)))
                .toList();
    }

    private List<Edit> triggerEdits(List<SqlToken> tokens) {
        List<Edit> edits = new ArrayList<>(schemaEdits(qualifiers.inTriggerHeading(tokens)));
        edits.addAll(replacing(tokens));
        return edits;
    }

    private List<Edit> replacing(List<SqlToken> tokens) {
        if (!purpose.replaces || tokens.get(1).isWord("or")) {
            return List.of();
        }
        int behindCreate = tokens.get(0).to();
        return List.of(new Edit(behindCreate, behindCreate, " OR REPLACE"));
    }

    private boolean isRoutine() {
        return statement.concerns("procedure")
                || statement.concerns("function")
                || statement.concerns("package")
                || statement.concerns("package body");
    }

    private List<Edit> eventEdits(List<SqlToken> tokens) {
        boolean disable = purpose.disables;
        SqlToken word = disable ? events.disable(statement.name(), tokens) : events.enable(statement.name(), tokens);
        return word == null ? List.of() : List.of(new Edit(word.from(), word.to(), disable ? "DISABLE" : "ENABLE"));
    }

    private static byte[] edited(byte[] bytes, List<Edit> edits) {
        if (edits.isEmpty()) {
            return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 64);
        int at = 0;
        for (Edit edit :
                edits.stream().sorted(Comparator.comparingInt(Edit::from)).toList()) {
            out.write(bytes, at, edit.from() - at);
            out.writeBytes(edit.text().getBytes(StandardCharsets.UTF_8));
            at = edit.to();
        }
        out.write(bytes, at, bytes.length - at);
        return out.toByteArray();
    }
}
