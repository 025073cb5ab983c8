package io.github.bpipe.writer.pick.postgres;

import io.github.bpipe.core.sql.PostgresWords;
import io.github.bpipe.writer.pick.Column;
import io.github.bpipe.writer.pick.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The columns of a {@code CREATE TABLE} as pg_dump prints it.
 *
 * @param columns of its own that COPY carries, so none that is generated
 * @param parents that it inherits others from, by the parts of their names
 */
record TableDefinition(List<Column> columns, List<List<String>> parents) {
    private static final Pattern NUMBER = Pattern.compile(
            "(smallint|integer|bigint|real|double precision|oid|numeric(\\(\\d+(,-?\\d+)?\\))?)(\\s.*)?",
            Pattern.DOTALL);

    private static final Pattern BYTES = Pattern.compile("bytea(\\s.*)?", Pattern.DOTALL);
    private static final Pattern BOOLEAN = Pattern.compile("boolean(\\s.*)?", Pattern.DOTALL);
    private static final String INHERITS = "INHERITS ";
    private static final String GENERATED = " GENERATED ALWAYS AS (";

    static TableDefinition of(String statement) {
        List<Column> columns = new ArrayList<>();
        List<String> parts = SqlText.list(statement);
        for (String part : parts == null ? List.<String>of() : parts) {
            // in a definition of columns, a plain CONSTRAINT is never a name
            if (!part.startsWith("CONSTRAINT ") && !part.contains(GENERATED)) {
                int length = SqlText.nameLength(part);
                String name = PostgresWords.parts(part.substring(0, length)).get(0);
                columns.add(new Column(name, kind(part.substring(length).strip())));
            }
        }
        int inherits = statement.lastIndexOf(INHERITS);
        List<List<String>> parents = inherits < 0
                ? List.of()
                : SqlText.list(statement.substring(inherits)).stream()
                        .map(PostgresWords::parts)
                        .toList();
        return new TableDefinition(columns, parents);
    }

    private static Kind kind(String type) {
        if (NUMBER.matcher(type).matches()) {
            return Kind.NUMBER;
        }
        if (BYTES.matcher(type).matches()) {
            return Kind.BYTES;
        }
        return BOOLEAN.matcher(type).matches() ? Kind.BOOLEAN : Kind.TEXT;
    }
}
