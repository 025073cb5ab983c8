package io.github.bpipe.writer.only;

import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.sql.PostgresLexer;
import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tables of PostgreSQL with what stands on them: indexes, triggers, policies, rules, and foreign keys between wanted tables. All
 * definitions are loaded, because a table may need any type, function or sequence, and those tables and views that are
 * not wanted are dropped again, empty as they are.
 */
final class OnlyPostgres extends OnlyTables {
    /** Names are compared, never shown: any charset does that keeps bytes apart. */
    private static final Charset AS_BYTES = StandardCharsets.ISO_8859_1;

    private final PostgresLexer lexer = new PostgresLexer();
    private final ByteArrayOutputStream statement = new ByteArrayOutputStream();
    private final PostgresSelection selection;

    OnlyPostgres(Target target, TablePatterns patterns) {
        super(target, patterns);
        this.selection = new PostgresSelection(patterns);
    }

    @Override
    boolean wants(BlockHead head) {
        if (head.object() == null || head.object().equals(PostgresObjects.RESTRICT)) {
            return true;
        }
        return head.phase() != Phase.DATA || patterns.match(PostgresWords.parts(head.object()));
    }

    @Override
    void take(StoredBlock block) throws IOException {
        BlockHead head = block.head();
        boolean script = head.phase() == Phase.SCHEMA || head.phase() == Phase.FINISH;
        if (!script || PostgresObjects.RESTRICT.equals(head.object())) {
            target.load(block);
            return;
        }
        byte[] kept = kept(head, content(block));
        // a comment may stand in the block of another table, and then has to wait for its own
        boolean ofWanted = head.object() != null && patterns.match(PostgresWords.parts(head.object()));
        load(head.phase(), ofWanted ? head.object() : null, 0, false, kept, kept.length);
    }

    @Override
    public void check(List<ObjectEntry> objects) throws IOException {
        List<ObjectEntry> expected = expected(objects);
        byte[] drops = selection.drops().getBytes(AS_BYTES);
        load(Phase.FINISH, null, 0, false, drops, drops.length);
        target.check(expected);
    }

    @Override
    public List<ObjectEntry> expected(List<ObjectEntry> objects) throws IOException {
        List<ObjectEntry> tables = objects.stream()
                .filter(entry -> entry.kind().equals(PostgresObjects.TABLE)
                        || entry.kind().equals("partitioned table")
                        || entry.kind().equals(PostgresObjects.EXTENSION_TABLE))
                .toList();
        patterns.requireAllFound(
                tables.stream().map(entry -> PostgresWords.parts(entry.name())).toList());
        return tables.stream()
                .filter(entry -> patterns.match(PostgresWords.parts(entry.name())))
                .toList();
    }

    /** The statements of a block that are kept, those that end in it. */
    private byte[] kept(BlockHead head, byte[] raw) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        int from = 0;
        while (from < head.raw()) {
            int end = lexer.end(raw, from, head.raw());
            int to = end < 0 ? head.raw() : end;
            statement.write(raw, from, to - from);
            if (end >= 0) {
                byte[] text = statement.toByteArray();
                statement.reset();
                int token = (int) Math.max(0, lexer.firstToken());
                if (selection.keeps(head.phase(), text, token)) {
                    kept.writeBytes(text);
                    kept.write('\n');
                }
            }
            from = to;
        }
        return kept.toByteArray();
    }
}
