package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The tables that are exchanged, and the schemas that they stand in before and after. */
final class PostgresTableNames {
    /** Those of extensions are made by these, and stand in every database that has them. */
    private static final String ALL =
            "SELECT n.nspname, c.relname, c.relkind = 'r' AND NOT c.relispartition AND NOT EXISTS"
                    + " (SELECT FROM pg_inherits i WHERE c.oid IN (i.inhrelid, i.inhparent)) FROM pg_class c JOIN pg_namespace n"
                    + " ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <>"
                    + " 'information_schema' AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND"
                    + " d.objid = c.oid AND d.deptype = 'e') ORDER BY 1, 2";

    /**
     * One table.
     *
     * @param schema that it is live in
     * @param name without its schema
     */
    record Table(String schema, String name) {
        String live() {
            return identifier(schema) + "." + identifier(name);
        }

        String staged() {
            return identifier(PostgresNames.stagedSchema(schema)) + "." + identifier(name);
        }
    }

    private final List<Table> tables;
    private final List<String> schemas;

    private PostgresTableNames(List<Table> tables) {
        this.tables = tables;
        this.schemas = tables.stream().map(Table::schema).distinct().toList();
    }

    /** All tables of the staged database. */
    static PostgresTableNames of(SqlSession session) throws IOException {
        List<Table> tables = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (List<String> row : session.query(ALL)) {
            Table table = new Table(row.get(0), row.get(1));
            tables.add(table);
            if (!PostgresServer.isTrue(row.get(2))) {
                others.add(table.live());
            }
        }
        if (!others.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "partitions, foreign tables and those that inherit cannot be exchanged one by one: "
                            + String.join(", ", others),
                    "restore them with --into NAME, and copy the rows from there");
        }
        return new PostgresTableNames(tables);
    }

    List<Table> tables() {
        return tables;
    }

    List<String> stagedSchemas() {
        return schemas.stream().map(PostgresNames::stagedSchema).toList();
    }

    List<String> formerSchemas() {
        return awaySchemas(true);
    }

    /** Where the live tables go. */
    List<String> awaySchemas(boolean keep) {
        return schemas.stream()
                .map(schema -> PostgresNames.awaySchema(schema, keep))
                .toList();
    }

    String away(Table table, boolean keep) {
        return PostgresNames.awaySchema(table.schema(), keep);
    }

    /** Schemas that must not be there. */
    List<String> newSchemas(boolean keep) {
        List<String> all = new ArrayList<>(stagedSchemas());
        all.addAll(awaySchemas(keep));
        return all;
    }

    /** Those tables that the live database has, qualified. */
    List<String> present(SqlSession session) throws IOException {
        List<String> present = new ArrayList<>();
        for (Table table : tables) {
            if (session.value("SELECT to_regclass(" + literal(table.live()) + ")") != null) {
                present.add(table.live());
            }
        }
        return present;
    }

    /** As the rows of a VALUES list: schema and name. */
    String values() {
        return tables.stream()
                .map(table -> "(" + literal(table.schema()) + ", " + literal(table.name()) + ")")
                .collect(Collectors.joining(", "));
    }

    /** Within the staged database: the server itself names everything anew that refers to the tables. */
    void moveToStaged(SqlSession session) throws IOException {
        for (String schema : stagedSchemas()) {
            session.execute("CREATE SCHEMA " + identifier(schema));
        }
        for (Table table : tables) {
            session.execute("ALTER TABLE " + table.live() + " SET SCHEMA "
                    + identifier(PostgresNames.stagedSchema(table.schema())));
        }
    }

    /** Requires that each table has as many rows here as there. */
    void requireSameRows(PostgresClients clients, String here, String there) throws IOException {
        try (SqlSession first = clients.session(here);
                SqlSession second = clients.session(there)) {
            for (Table table : tables) {
                String count = "SELECT count(*) FROM " + table.staged();
                String wanted = first.value(count);
                String found = second.value(count);
                if (!wanted.equals(found)) {
                    throw new Failure(
                            ExitCode.CHECK_FAILED,
                            "the copy of " + table.live() + " has " + found + " rows instead of " + wanted,
                            "did anybody change it? run it again");
                }
            }
        }
    }
}
