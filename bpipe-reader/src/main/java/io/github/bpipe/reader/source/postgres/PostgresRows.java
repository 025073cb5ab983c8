package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns the rows of tables into blocks that each have the COPY they need, and counts them. */
final class PostgresRows {
    private static final byte[] END_OF_ROWS = "\\.\n".getBytes(StandardCharsets.US_ASCII);

    private final BlockBuilder builder;
    private final ObjectLedger ledger;
    /** Names of the tables that are listed, by their unquoted parts: pg_dump may quote otherwise than the server. */
    private final Map<List<String>, String> tables = new HashMap<>();

    /**
     * Begins.
     *
     * @param items of the database, as the snapshot sees it
     */
    PostgresRows(BlockBuilder builder, ObjectLedger ledger, List<PostgresObjects.Item> items) {
        this.builder = builder;
        this.ledger = ledger;
        for (PostgresObjects.Item item : items) {
            if (item.kind().equals(PostgresObjects.TABLE)) {
                tables.put(PostgresWords.parts(item.name()), item.name());
            }
        }
    }

    /**
     * Takes the rows that the script comes to behind the end of this line.
     *
     * @param name of the table, as the COPY has it
     * @param copy the line with the COPY
     */
    void take(PostgresScript script, String name, byte[] copy) throws IOException {
        String listed = tables.get(PostgresWords.parts(name));
        String kind = listed == null ? PostgresObjects.EXTENSION_TABLE : PostgresObjects.TABLE;
        String object = listed == null ? name : listed;
        builder.section(Phase.DATA, object, copy, END_OF_ROWS);
        RowCount count = new RowCount();
        script.rows((bytes, from, length, whole) -> {
            builder.append(bytes, from, length);
            count.bytes += length;
            if (whole) {
                builder.endUnit(1);
                count.rows++;
            }
        });
        builder.flush();
        ledger.count(object, kind, count.rows, count.bytes);
    }

    private static final class RowCount {
        long rows;
        long bytes;
    }
}
