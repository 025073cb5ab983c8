package io.github.bpipe.writer.only;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** A target that gets only what belongs to the wanted tables. */
public abstract class OnlyTables implements Target {
    final Target target;
    final TablePatterns patterns;
    private long blocks;

    OnlyTables(Target target, TablePatterns patterns) {
        this.target = target;
        this.patterns = patterns;
    }

    /**
     * Stands before a target.
     *
     * @param names of the wanted tables, with {@code *} for anything
     */
    public static OnlyTables before(Target target, Engine engine, Collection<String> names) {
        TablePatterns patterns = new TablePatterns(names);
        return switch (engine) {
            case MARIADB, MYSQL -> new OnlyMariaDb(target, patterns);
            case POSTGRESQL -> new OnlyPostgres(target, patterns);
            case SQLITE -> new OnlySqlite(target, patterns);
        };
    }

    /**
     * What the restored database must hold, once the stream has ended.
     *
     * @param objects of the whole stream
     */
    public abstract List<ObjectEntry> expected(List<ObjectEntry> objects) throws IOException;

    @Override
    public void prepare(Header header) throws IOException {
        target.prepare(header);
    }

    @Override
    public SwitchReport switchOver() throws IOException {
        return target.switchOver();
    }

    @Override
    public void close() {
        target.close();
    }

    /** Loads a text in place of blocks of the stream; the blocks that the target sees keep an order of their own. */
    void load(Phase phase, String object, long rows, boolean continues, byte[] raw, int length) throws IOException {
        if (length > 0) {
            target.load(new BlockHead(blocks, phase, object, length, length, rows, continues), raw);
            blocks++;
        }
    }

    /** Loads a block of the stream as it is. */
    void pass(BlockHead head, byte[] raw) throws IOException {
        load(head.phase(), head.object(), head.rows(), head.continues(), raw, head.raw());
    }
}
