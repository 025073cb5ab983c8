package io.github.bpipe.writer.only;

import io.github.bpipe.core.sql.MySqlScript;
import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.SqlToken;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tables of MariaDB and MySQL with their triggers, and all sequences, which columns may draw from. Views, routines and
 * events are left out. A foreign key is part of its table, and may point to one that is not there.
 */
final class OnlyMariaDb extends OnlyTables implements MySqlScript.Listener {
    private final MySqlScript script = new MySqlScript(this);
    private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Set<String> triggers = new HashSet<>();
    private MySqlStatement statement;

    OnlyMariaDb(Target target, TablePatterns patterns) {
        super(target, patterns);
    }

    @Override
    boolean wants(BlockHead head) {
        return head.phase() != Phase.DATA || head.object() == null || patterns.match(head.object());
    }

    @Override
    void take(StoredBlock block) throws IOException {
        BlockHead head = block.head();
        if (head.phase() == Phase.SETUP || head.phase() == Phase.DATA) {
            target.load(block);
            return;
        }
        script.feed(content(block), 0, head.raw());
        flush(head.phase());
    }

    @Override
    public void check(List<ObjectEntry> objects) throws IOException {
        script.finish();
        flush(Phase.FINISH);
        target.check(expected(objects));
    }

    @Override
    public List<ObjectEntry> expected(List<ObjectEntry> objects) throws IOException {
        patterns.requireAllFound(objects.stream()
                .filter(entry -> entry.kind().equals("table"))
                .map(entry -> List.of(entry.name()))
                .toList());
        return objects.stream()
                .filter(entry -> switch (entry.kind()) {
                    case "table" -> patterns.match(entry.name());
                    case "trigger" -> triggers.contains(entry.name());
                    default -> entry.kind().equals("sequence");
                })
                .toList();
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
    public void end(long groups) {
        if (isKept()) {
            kept.writeBytes(unit.toByteArray());
        }
    }

    private boolean isKept() {
        return switch (statement.verb()) {
            case SET, NONE, SETVAL -> true;
            case CREATE, DROP -> isKeptObject();
            case INSERT -> patterns.match(statement.name());
            case ALTER_DATABASE, OTHER -> false;
        };
    }

    private boolean isKeptObject() {
        if (statement.concerns("sequence")) {
            return true;
        }
        if (statement.concerns("trigger")) {
            String table = triggerTable();
            boolean wanted = table != null && patterns.match(table);
            if (wanted) {
                triggers.add(statement.name());
            }
            return wanted;
        }
        return statement.concerns("table") && patterns.match(statement.name());
    }

    /** The table behind {@code TRIGGER name BEFORE INSERT ON}; null in a DROP. */
    private String triggerTable() {
        List<SqlToken> tokens = MySqlTokenizer.tokens(unit.toByteArray(), script.sqlMode());
        boolean inTrigger = false;
        for (int i = 0; i + 1 < tokens.size(); i++) {
            inTrigger |= tokens.get(i).isWord("trigger");
            if (inTrigger && tokens.get(i).isWord("on")) {
                return tokens.get(i + 1).text();
            }
        }
        return null;
    }

    private void flush(Phase phase) throws IOException {
        byte[] text = kept.toByteArray();
        kept.reset();
        load(phase, null, 0, false, text, text.length);
    }
}
