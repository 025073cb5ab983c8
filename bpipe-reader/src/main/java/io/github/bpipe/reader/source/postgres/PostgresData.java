package io.github.bpipe.reader.source.postgres;

import static io.github.bpipe.core.engine.PostgresObjects.LARGE_OBJECTS;

import io.github.bpipe.core.engine.PostgresObjects;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.reader.encode.BlockBuilder;
import io.github.bpipe.reader.encode.ObjectLedger;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Turns the statements of the section data into blocks of which each is complete in itself: rows with the COPY that
 * they need, large objects in a transaction of their own, the values of sequences.
 */
final class PostgresData {
    private static final byte[] NOTHING = {};
    private static final byte[] LINE_END = {'\n'};
    private static final byte[] BEGIN = "BEGIN;\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMMIT = "COMMIT;\n".getBytes(StandardCharsets.US_ASCII);

    private final BlockBuilder builder;
    private final ObjectLedger ledger;
    private final PostgresRows rows;
    /** Names of the tables whose rows others read, by their unquoted parts. */
    private final Set<List<String>> elsewhere;

    private boolean inTransaction;
    private long largeObjectBytes;

    /**
     * Begins; what the database holds is listed in the ledger at once.
     *
     * @param items of the database, as the snapshot sees it
     * @param elsewhere tables whose rows others read
     */
    PostgresData(
            BlockBuilder builder,
            ObjectLedger ledger,
            List<PostgresObjects.Item> items,
            List<PostgresLargeTable> elsewhere) {
        this.builder = builder;
        this.ledger = ledger;
        this.rows = new PostgresRows(builder, ledger, items);
        this.elsewhere = elsewhere.stream()
                .map(table -> PostgresWords.parts(table.name()))
                .collect(Collectors.toUnmodifiableSet());
        items.forEach(item -> ledger.list(item.name(), item.kind()));
    }

    /** Takes the statement that the script stands at, with its rows where it has some. */
    void statement(PostgresScript script, List<String> words) throws IOException {
        switch (words.get(0)) {
            case "COPY" -> rows(script, words.get(1));
            case "BEGIN" -> {
                builder.section(Phase.DATA, LARGE_OBJECTS, BEGIN, COMMIT);
                inTransaction = true;
            }
            case "COMMIT" -> end();
            default -> other(script, words);
        }
    }

    /** Leaves the transaction of the large objects. */
    void end() {
        inTransaction = false;
    }

    private void rows(PostgresScript script, String name) throws IOException {
        if (elsewhere.contains(PostgresWords.parts(name))) {
            throw new Failure(
                    ExitCode.DUMP_FAILED,
                    "pg_dump prints the rows of " + name + ", which it was told to leave out",
                    "run it again with --jobs 1, and report this");
        }
        rows.take(script, name, script.line());
    }

    /** The statements of large objects are a unit from {@code lo_open} to {@code lo_close}; any other is one itself. */
    private void other(PostgresScript script, List<String> words) throws IOException {
        if (!inTransaction) {
            builder.section(Phase.DATA, null, NOTHING, NOTHING);
        }
        append(script);
        while (!script.isWhole() && script.next()) {
            append(script);
        }
        builder.append(LINE_END, 0, 1);
        if (!inTransaction) {
            builder.endUnit(0);
        } else if (words.get(1).equals("pg_catalog.lo_close")) {
            builder.endUnit(1);
            ledger.count(LARGE_OBJECTS, LARGE_OBJECTS, 1, largeObjectBytes);
            largeObjectBytes = 0;
        }
    }

    private void append(PostgresScript script) throws IOException {
        int length = script.to() - script.token();
        builder.append(script.bytes(), script.token(), length);
        largeObjectBytes += inTransaction ? length : 0;
    }
}
