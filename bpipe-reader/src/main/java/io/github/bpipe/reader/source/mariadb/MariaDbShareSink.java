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
    /** A definition as this session read it. */
    private record Definition(UUID digest, int bytes) {}

    private final BlockSink stream;
    private final MariaDbTableDefinitions definitions;
    private final MariaDbTableParts parts;
    private final Map<String, Definition> read = new HashMap<>();
    private String proven;

    /**
     * A sink for one session.
     *
     * @param stream takes the blocks of all sessions
     * @param parts counts the sessions that read the same table
     */
    MariaDbShareSink(BlockSink stream, MariaDbTableDefinitions definitions, MariaDbTableParts parts) {
        this.stream = stream;
        this.definitions = definitions;
        this.parts = parts;
    }

    @Override
    public byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues)
            throws IOException {
        switch (phase) {
            case SCHEMA -> read.put(object, new Definition(MariaDbTableDefinitions.digest(filled, length), length));
            case DATA -> {
                prove(object);
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
        // together, so that nobody's last rows come behind those marked as the last
        synchronized (parts) {
            return parts.end(object)
                    ? stream.lastBlock(object, filled, length, rows)
                    : stream.block(Phase.DATA, object, filled, length, rows, false);
        }
    }

    /** Adds the rows that this session counted to those of all. */
    void count(ObjectLedger own, ObjectLedger all) {
        own.entries().forEach(entry -> {
            Definition definition = read.get(entry.name());
            if (definition != null && entry.rows() != null && entry.rows() > 0) {
                all.count(entry.name(), entry.kind(), entry.rows(), entry.raw() - definition.bytes());
            }
        });
    }

    private void prove(String table) throws IOException {
        if (!table.equals(proven)) {
            definitions.await();
            Definition definition = read.get(table);
            definitions.require(table, definition == null ? null : definition.digest());
            proven = table;
        }
    }
}
