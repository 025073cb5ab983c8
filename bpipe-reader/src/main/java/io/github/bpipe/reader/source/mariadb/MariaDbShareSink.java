package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.stream.BlockSink;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.ObjectLedger;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Takes the rows of one share out of what its session dumps, and proves that they belong to the stream's definitions. */
final class MariaDbShareSink implements BlockSink {
    private final BlockSink stream;
    private final MariaDbTableDefinitions definitions;
    private final MariaDbTableParts parts;
    private final ObjectLedger ledger;
    /** Definitions as this session read them. */
    private final Map<String, UUID> read = new HashMap<>();

    private String proven;

    /**
     * A sink for one session.
     *
     * @param stream takes the blocks of all sessions
     * @param parts counts the sessions that read the same table
     * @param ledger counts the rows of all sessions
     */
    MariaDbShareSink(
            BlockSink stream, MariaDbTableDefinitions definitions, MariaDbTableParts parts, ObjectLedger ledger) {
        this.stream = stream;
        this.definitions = definitions;
        this.parts = parts;
        this.ledger = ledger;
    }

    @Override
    public byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues)
            throws IOException {
        switch (phase) {
            case SCHEMA -> read.put(object, MariaDbTableDefinitions.digest(filled, length));
            case DATA -> {
                prove(object);
                ledger.count(object, "table", rows, length);
                return stream.block(phase, object, filled, length, rows, continues);
            }
            case SETUP, FINISH -> {
                // these the stream has from the session that dumps the definitions
            }
        }
        return filled;
    }

    @Override
    public byte[] lastBlock(String object, byte[] filled, int length, long rows) throws IOException {
        prove(object);
        ledger.count(object, "table", rows, length);
        // together, so that nobody's last rows come behind those marked as the last
        synchronized (parts) {
            return parts.end(object)
                    ? stream.lastBlock(object, filled, length, rows)
                    : stream.block(Phase.DATA, object, filled, length, rows, false);
        }
    }

    private void prove(String table) throws IOException {
        if (!table.equals(proven)) {
            definitions.await();
            definitions.require(table, read.get(table));
            proven = table;
        }
    }
}
