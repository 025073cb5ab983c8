package io.github.bpipe.writer.pick.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.sql.MySqlStatement;
import io.github.bpipe.core.sql.MySqlStatement.Verb;
import io.github.bpipe.core.sql.MySqlUnits;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import io.github.bpipe.writer.pick.RowHandler;
import io.github.bpipe.writer.pick.Table;
import io.github.bpipe.writer.pick.TableChoice;
import io.github.bpipe.writer.pick.TableReader;
import io.github.bpipe.writer.pick.UnitBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Tables in a stream of MariaDB or MySQL. The definition of each comes before its rows, and tables may take turns. */
public final class MariaDbTables implements TableReader {
    private final TableChoice choice;
    private final RowHandler handler;
    private final MySqlUnits definitions = new MySqlUnits(this::define);
    private final InsertReader inserts = new InsertReader(new Inserts());
    private final UnitBuffer buffer = new UnitBuffer();

    /** The columns by table. */
    private final Map<String, List<Column>> defined = new LinkedHashMap<>();

    private final Set<String> announced = new HashSet<>();
    /** Whose rows come; not announced again yet while {@code row} is null. */
    private String name;

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
            definitions.feed(raw, head.raw());
            return;
        }
        if (!head.object().equals(name)) {
            name = head.object();
            row = null;
        }
        inserts.enter(head);
        buffer.block(head, raw, inserts);
        if (!head.continues()) {
            inserts.leave();
        }
    }

    /** Tables without rows are announced too. */
    @Override
    public void end() throws IOException {
        for (Map.Entry<String, List<Column>> table : defined.entrySet()) {
            if (!announced.contains(table.getKey())) {
                announce(table.getKey(), table.getValue());
            }
        }
    }

    private void announce(String table, List<Column> inOrder) throws IOException {
        handler.table(new Table(choice.asked(table), MariaDbClients.identifier(table), inOrder));
        announced.add(table);
    }

    private void define(MySqlStatement statement, byte[] text) throws IOException {
        if (statement.verb() == Verb.CREATE && statement.concerns("table") && choice.asked(statement.name()) != null) {
            String table = statement.name();
            defined.put(table, TableDefinition.columns(text));
            choice.find(choice.asked(table), table);
        }
    }

    private final class Inserts implements InsertReader.Sink {
        @Override
        public InsertRow insert(List<String> named) throws IOException {
            if (row == null) {
                List<Column> columns = named == null ? defined.get(name) : named(named);
                announce(name, columns);
                row = new InsertRow(columns);
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
                inOrder.add(defined.get(name).stream()
                        .filter(column -> column.name().equals(each))
                        .findFirst()
                        .orElse(new Column(each, Kind.TEXT)));
            }
            return inOrder;
        }
    }
}
