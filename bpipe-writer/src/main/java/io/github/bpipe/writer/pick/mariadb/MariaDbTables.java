package io.github.bpipe.writer.pick.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.sql.MySqlScript;
import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
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
import java.util.ArrayList;
import java.util.List;

/** Tables in a stream of MariaDB or MySQL: each stands as its definition, then its rows. */
public final class MariaDbTables implements TableReader {
    private final TableChoice choice;
    private final RowHandler handler;
    private final MySqlScript definitions = new MySqlScript(new Definitions());
    private final InsertReader inserts = new InsertReader(new Inserts());
    private final UnitBuffer buffer = new UnitBuffer();

    /** The table that was defined last, and not announced yet while {@code row} is null. */
    private String name;

    private List<Column> columns = List.of();
    private InsertRow row;

    public MariaDbTables(TableChoice choice, RowHandler handler) {
        this.choice = choice;
        this.handler = handler;
    }

    @Override
    public boolean wants(BlockHead head) {
        return head.object() != null
                && (head.phase() == Phase.SCHEMA || head.phase() == Phase.DATA)
                && choice.asked(head.object()) != null;
    }

    @Override
    public void block(BlockHead head, byte[] raw) throws IOException {
        if (head.phase() == Phase.SCHEMA) {
            definitions.feed(raw, 0, head.raw());
            return;
        }
        inserts.enter(head);
        buffer.block(head, raw, inserts);
        if (!head.continues()) {
            inserts.leave();
        }
    }

    @Override
    public void end() throws IOException {
        leaveTable();
    }

    private void enterTable(String table, List<Column> defined) throws IOException {
        leaveTable();
        name = table;
        columns = defined;
        row = null;
        choice.find(choice.asked(table), table);
    }

    /** A table without rows is announced too. */
    private void leaveTable() throws IOException {
        if (name != null && row == null) {
            announce(columns);
        }
    }

    private void announce(List<Column> inOrder) throws IOException {
        handler.table(new Table(choice.asked(name), MariaDbClients.identifier(name), inOrder));
        row = new InsertRow(inOrder);
    }

    private final class Definitions implements MySqlScript.Listener {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private MySqlStatement statement;

        @Override
        public void begin(MySqlStatement begun) {
            statement = begun;
            text.reset();
        }

        @Override
        public void part(byte[] bytes, int from, int count) {
            text.write(bytes, from, count);
        }

        @Override
        public void end(long groups) throws IOException {
            if (statement.verb() == Verb.CREATE
                    && statement.concerns("table")
                    && choice.asked(statement.name()) != null) {
                enterTable(statement.name(), TableDefinition.columns(text.toByteArray()));
            }
        }
    }

    private final class Inserts implements InsertReader.Sink {
        @Override
        public InsertRow insert(List<String> named) throws IOException {
            if (row == null) {
                announce(named == null ? columns : named(named));
            }
            return row;
        }

        @Override
        public void row(InsertRow read) throws IOException {
            handler.row(read);
        }

        /** The columns that an INSERT names; those that only the history has are not in the definition. */
        private List<Column> named(List<String> names) {
            List<Column> inOrder = new ArrayList<>();
            for (String each : names) {
                inOrder.add(columns.stream()
                        .filter(column -> column.name().equals(each))
                        .findFirst()
                        .orElse(new Column(each, Kind.TEXT)));
            }
            return inOrder;
        }
    }
}
