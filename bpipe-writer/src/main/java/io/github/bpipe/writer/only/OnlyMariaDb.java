package io.github.bpipe.writer.only;

import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlTokenizer;
import io.github.bpipe.core.sql.MySqlUnits;
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
final class OnlyMariaDb extends OnlyTables {
    private final MySqlUnits script = new MySqlUnits(this::keep);
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private final Set<String> triggers = new HashSet<>();

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
        script.feed(content(block), head.raw());
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

    private void keep(MySqlStatement statement, byte[] text) {
        if (isKept(statement, text)) {
            kept.writeBytes(text);
        }
    }

    private boolean isKept(MySqlStatement statement, byte[] text) {
        return switch (statement.verb()) {
            case SET, NONE, SETVAL -> true;
            case CREATE, DROP -> isKeptObject(statement, text);
            case INSERT -> patterns.match(statement.name());
            case ALTER_DATABASE, OTHER -> false;
        };
    }

    private boolean isKeptObject(MySqlStatement statement, byte[] text) {
        if (statement.concerns("sequence")) {
            return true;
        }
        if (statement.concerns("trigger")) {
            String table = triggerTable(text);
            boolean wanted = table != null && patterns.match(table);
            if (wanted) {
                triggers.add(statement.name());
            }
            return wanted;
        }
        return statement.concerns("table") && patterns.match(statement.name());
    }

    /** The table behind {@code TRIGGER name BEFORE INSERT ON}; null in a DROP. */
    private String triggerTable(byte[] text) {
        List<SqlToken> tokens = MySqlTokenizer.tokens(text, script.sqlMode());
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
