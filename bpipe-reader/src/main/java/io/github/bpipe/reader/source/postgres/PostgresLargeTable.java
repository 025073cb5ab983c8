package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.PostgresEncoding;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A table whose rows are worth a session of their own, because it is large.
 *
 * @param name qualified, each part quoted where needed
 * @param columns in the order of the table, without generated ones, separated by commas, quoted where needed
 * @param bytes on the server's disk, without indexes
 * @param pages of the table itself; 0 where its rows have no place in pages
 */
record PostgresLargeTable(String name, String columns, long bytes, long pages) {
    /** All arguments of pg_dump must fit in what Linux takes, 2 MiB as a rule, the environment included. */
    private static final int MOST_NAME_CHARS = 64 << 10;

    // what pg_dump loads by way of the parent stays with pg_dump (getPartitioningInfo, unsafe_partitions)
    private static final String SQL = """
            SELECT COALESCE(pg_catalog.json_agg(large ORDER BY large.bytes DESC, large.name), '[]') FROM (
              SELECT pg_catalog.format('%%I.%%I', n.nspname, c.relname) AS name,
                (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum)
                  FROM pg_catalog.pg_attribute AS a
                  WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
                pg_catalog.pg_table_size(c.oid) AS bytes,
                CASE m.amname WHEN 'heap' THEN pg_catalog.pg_relation_size(c.oid)
                  / pg_catalog.current_setting('block_size')::pg_catalog.int8 ELSE 0 END AS pages
              FROM (%s) AS t JOIN pg_catalog.pg_class AS c ON c.oid = t.oid
                JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace JOIN pg_catalog.pg_am AS m ON m.oid = c.relam
              WHERE c.relkind = 'r' AND c.relpersistence = 'p'
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                  WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'e')
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_partition_ancestors(c.oid) AS a
                    JOIN pg_catalog.pg_partitioned_table AS p ON p.partrelid = a.relid
                    JOIN pg_catalog.pg_opclass AS o ON o.oid = ANY (p.partclass)
                  WHERE p.partstrat = 'h' AND o.opcname = 'enum_ops')
            ) AS large WHERE large.bytes >= %d AND large.columns <> ''""";

    /**
     * Finds them, the largest first.
     *
     * @param session with the snapshot
     * @param quoteAll true where the dump may be loaded by a server that knows more keywords than this one
     * @param atLeast bytes that make a table a large one
     */
    static List<PostgresLargeTable> find(SqlSession session, PostgresEncoding encoding, boolean quoteAll, long atLeast)
            throws IOException {
        session.execute("SET quote_all_identifiers = " + quoteAll);
        String sql = SQL.formatted(PostgresChecks.TABLES, atLeast);
        List<PostgresLargeTable> found = new ArrayList<>();
        int chars = 0;
        for (PostgresLargeTable each :
                Json.parse(session.value(sql).getBytes(StandardCharsets.UTF_8), PostgresLargeTable[].class)) {
            chars += each.name().length();
            if (chars <= MOST_NAME_CHARS && each.canBeNamed(encoding)) {
                found.add(each);
            }
        }
        session.execute("RESET quote_all_identifiers");
        return found;
    }

    /**
     * What the tables' rows are kept out of the output of pg_dump with. It takes patterns, but a name fits only itself:
     * whatever is special in a pattern is so in a name too, and stands in quotes.
     */
    static List<String> exclusions(List<PostgresLargeTable> tables) {
        return tables.stream()
                .map(table -> "--exclude-table-data=" + table.name())
                .toList();
    }

    /** The line that pg_dump prints before the rows. */
    String copyFrom() {
        return "COPY " + name + " (" + columns + ") FROM stdin;\n";
    }

    /** Arguments are in UTF-8; pg_dump takes them to be in the dump's encoding. */
    private boolean canBeNamed(PostgresEncoding encoding) {
        return encoding.charset().equals(StandardCharsets.UTF_8) || name.chars().allMatch(each -> each < 128);
    }
}
