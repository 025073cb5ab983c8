package io.github.bpipe.writer.pick.postgres;

import io.github.bpipe.core.engine.PostgresEncoding;
import io.github.bpipe.core.sql.PostgresLexer;
import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.RowHandler;
import io.github.bpipe.writer.pick.Table;
import io.github.bpipe.writer.pick.TableChoice;
import io.github.bpipe.writer.pick.TableReader;
import io.github.bpipe.writer.pick.UnitBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Tables in a stream of PostgreSQL: all definitions stand before all rows, so the setup and the schema are read as a
 * whole, and then the data blocks of the chosen tables.
 */
public final class PostgresTables implements TableReader {
    private static final int HEAD_WORDS = 6;

    private final TableChoice choice;
    private final RowHandler handler;
    private final PostgresLexer lexer = new PostgresLexer();
    private final ByteArrayOutputStream statement = new ByteArrayOutputStream();
    private final CopyReader copies = new CopyReader(new Copies());
    private final UnitBuffer buffer = new UnitBuffer();
    private final Map<List<String>, TableDefinition> definitions = new LinkedHashMap<>();
    private final Map<List<String>, String> pending = new LinkedHashMap<>();

    private Charset charset = StandardCharsets.UTF_8;
    private boolean anyBytes;
    private String current;
    private CopyRow row;

    public PostgresTables(TableChoice choice, RowHandler handler) {
        this.choice = choice;
        this.handler = handler;
    }

    @Override
    public boolean wants(BlockHead head) {
        return switch (head.phase()) {
            case SETUP, SCHEMA -> true;
            case DATA -> head.object() != null && asked(PostgresWords.parts(head.object())) != null;
            case FINISH -> false;
        };
    }

    @Override
    public void block(BlockHead head, byte[] raw) throws IOException {
        if (head.phase() != Phase.DATA) {
            script(raw, head.raw());
            return;
        }
        if (!head.object().equals(current)) {
            current = head.object();
            row = null;
        }
        copies.enter(head, charset);
        buffer.block(head, raw, copies);
        if (!head.continues()) {
            copies.leave();
        }
    }

    @Override
    public void end() throws IOException {
        // tables without rows have no block of data
        for (Map.Entry<List<String>, String> table : pending.entrySet()) {
            handler.table(new Table(asked(table.getKey()), table.getValue(), defined(table.getKey())));
        }
    }

    private String asked(List<String> parts) {
        return parts.size() == 2 ? choice.asked(parts.get(0), parts.get(1)) : null;
    }

    private void script(byte[] raw, int length) throws IOException {
        int from = 0;
        while (from < length) {
            int end = lexer.end(raw, from, length);
            statement.write(raw, from, (end < 0 ? length : end) - from);
            if (end < 0) {
                return;
            }
            byte[] text = statement.toByteArray();
            statement.reset();
            statement(text, (int) Math.max(0, lexer.firstToken()));
            from = end;
        }
    }

    private void statement(byte[] text, int from) throws IOException {
        List<String> words = PostgresWords.of(text, from, text.length, HEAD_WORDS, charset);
        if (words.size() < 3) {
            return;
        }
        if (words.get(0).equals("SET") && words.get(1).equals("client_encoding")) {
            String encoding = words.get(4);
            anyBytes = encoding.equals("SQL_ASCII");
            charset = PostgresEncoding.of(encoding).charset();
        }
        int table = words.get(1).equals("UNLOGGED") ? 2 : 1;
        if (words.get(0).equals("CREATE") && words.get(table).equals("TABLE")) {
            String name = words.get(table + 1);
            List<String> parts = PostgresWords.parts(name);
            definitions.put(parts, TableDefinition.of(new String(text, from, text.length - from, charset)));
            if (asked(parts) != null) {
                choice.find(asked(parts), String.join(".", parts));
                pending.put(parts, name);
            }
        }
    }

    /** Those that COPY carries, the inherited ones first. */
    private List<Column> defined(List<String> parts) {
        Map<String, Column> columns = new LinkedHashMap<>();
        TableDefinition definition = definitions.get(parts);
        if (definition != null) {
            definition.parents().forEach(parent -> defined(parent).forEach(each -> columns.put(each.name(), each)));
            definition.columns().forEach(each -> columns.put(each.name(), each));
        }
        return List.copyOf(columns.values());
    }

    private final class Copies implements CopyReader.Sink {
        @Override
        public CopyRow copy(String copy) throws IOException {
            if (row == null) {
                List<String> parts = PostgresWords.parts(current);
                List<Column> inOrder = named(SqlText.list(copy), defined(parts));
                handler.table(new Table(asked(parts), current, inOrder));
                pending.remove(parts);
                row = new CopyRow(inOrder, anyBytes ? null : charset);
            }
            return row;
        }

        @Override
        public void row(CopyRow read) throws IOException {
            handler.row(read);
        }

        private List<Column> named(List<String> names, List<Column> defined) {
            List<Column> inOrder = new ArrayList<>();
            for (String quoted : names == null ? List.<String>of() : names) {
                String name = PostgresWords.parts(quoted).get(0);
                inOrder.add(defined.stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst()
                        .orElse(new Column(name, Kind.TEXT)));
            }
            return inOrder;
        }
    }
}
