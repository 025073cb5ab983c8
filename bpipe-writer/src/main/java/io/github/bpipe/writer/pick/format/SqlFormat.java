package io.github.bpipe.writer.pick.format;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.writer.pick.Row;
import io.github.bpipe.writer.pick.RowHandler;
import io.github.bpipe.writer.pick.Table;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;

/** One INSERT for each row, in the engine's own words, behind the settings that its literals need. */
public final class SqlFormat implements RowHandler {
    private final OutputStream out;
    private final Engine engine;
    private String head;
    private int columns;

    public SqlFormat(OutputStream out, Engine engine) {
        this.out = out;
        this.engine = engine;
    }

    @Override
    public void table(Table table) throws IOException {
        columns = table.columns().size();
        String names = table.columns().stream()
                .map(column -> engine.isMySqlFamily()
                        ? MariaDbClients.identifier(column.name())
                        : SqliteFile.quote(column.name()))
                .collect(Collectors.joining(", ", " (", ")"));
        // what a column GENERATED ALWAYS AS IDENTITY held
        String overriding = engine == Engine.POSTGRESQL ? " OVERRIDING SYSTEM VALUE" : "";
        head = "INSERT INTO " + table.name() + (columns == 0 ? " DEFAULT VALUES" : names + overriding + " VALUES (");
        print(settings());
    }

    @Override
    public void row(Row row) throws IOException {
        print(head);
        for (int i = 0; i < columns; i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(row.literal(i));
        }
        print(columns == 0 ? ";\n" : ");\n");
    }

    /** The dump programs print timestamps in UTC. */
    private String settings() {
        return switch (engine) {
            case MARIADB, MYSQL ->
                "SET NAMES utf8mb4;\nSET time_zone = '+00:00';\nSET sql_mode = 'NO_AUTO_VALUE_ON_ZERO';\n";
            case POSTGRESQL -> "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n";
            case SQLITE -> "";
        };
    }

    private void print(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
