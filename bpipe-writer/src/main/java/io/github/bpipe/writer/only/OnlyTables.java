package io.github.bpipe.writer.only;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.BlockDecompressor;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.core.stream.StoredBlock;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.Target;
import java.io.IOException;
import java.util.Collection;
import java.util.List;

/** A target that gets only what belongs to the wanted tables. */
public abstract class OnlyTables implements Target {
    final Target target;
    final TablePatterns patterns;
    /** Never closed, since a signal may end the restore while it works; it goes with the process. */
    private final BlockDecompressor decompressor = new BlockDecompressor();

    /** Number of the stream's block in hand, or of the last one. */
    private long block;

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

    /** False for a block that is not to be loaded, and so need not be decompressed. */
    abstract boolean wants(BlockHead head);

    /** Takes a block that is wanted. */
    abstract void take(StoredBlock block) throws IOException;

    @Override
    public void prepare(Header header) throws IOException {
        target.prepare(header);
    }

    @Override
    public final void load(StoredBlock next) throws IOException {
        block = next.head().n();
        if (wants(next.head())) {
            take(next);
        }
    }

    @Override
    public String staged() {
        return target.staged();
    }

    @Override
    public SwitchReport switchOver() throws IOException {
        return target.switchOver();
    }

    @Override
    public void close() {
        target.close();
    }

    /** Loads a text in place of what the stream's block in hand holds, whose number it keeps. */
    void load(Phase phase, String object, long rows, boolean continues, byte[] raw, int length) throws IOException {
        if (length > 0) {
            target.load(StoredBlock.of(new BlockHead(block, phase, object, length, 0, rows, continues), raw));
        }
    }

    /** What a block holds, from index 0; valid until the next block is asked. */
    byte[] content(StoredBlock block) throws IOException {
        decompressor.decompress(block);
        return decompressor.buffer();
    }
}
