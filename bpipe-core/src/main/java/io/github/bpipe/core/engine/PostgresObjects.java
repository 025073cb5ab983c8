package io.github.bpipe.core.engine;

import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a PostgreSQL database holds, by kind and name: listed when it is dumped, and listed again from the restored copy
 * to prove that nothing is missing. What belongs to an extension is not listed, because {@code CREATE EXTENSION} makes
 * it; neither is what the server makes by itself (row types, the triggers of foreign keys, invalid indexes).
 *
 * <p>Kinds: {@code schema}, {@code extension}, {@code table}, {@code partitioned table}, {@code foreign table}, {@code
 * view}, {@code materialized view}, {@code sequence}, {@code index}, {@code type} (also domains), {@code function}
 * (also aggregates and window functions), {@code procedure}, {@code constraint}, {@code trigger}, {@code event
 * trigger}, {@code rule}, {@code policy}. Only a {@code table} has rows of its own.
 */
public final class PostgresObjects {
    /** Kind of the tables whose rows are counted. */
    public static final String TABLE = "table";

    /**
     * Kind of the tables that belong to an extension and have rows of the user's: in the stream with their rows, but not
     * to be counted again, because the extension adds rows of its own.
     */
    public static final String EXTENSION_TABLE = "extension table";

    /** Object and kind of all large objects together, each of which counts as a row. */
    public static final String LARGE_OBJECTS = "large objects";

    /**
     * Object of the blocks that hold {@code \restrict} and {@code \}{@code unrestrict} of the dump: who loads with a key
     * of his own leaves these blocks out.
     */
    public static final String RESTRICT = "\\restrict";

    /**
     * An object.
     *
     * @param kind as listed above
     * @param name qualified by its schema where it has one, each part quoted where needed; of a trigger, rule, policy or
     *     constraint also the table
     */
    public record Item(String kind, String name) {}

    // names come from the rows of the snapshot, not from regclass, which shows the catalogue of this moment
    private static final String SQL = """
            WITH own AS (
              SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace AS n
              WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            ), extended AS (
              SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d WHERE d.deptype = 'e'
            ), relation AS (
              SELECT c.oid, c.relkind, pg_catalog.format('%I.%I', own.nspname, c.relname) AS name
              FROM pg_catalog.pg_class AS c JOIN own ON own.oid = c.relnamespace
              WHERE (1259, c.oid) NOT IN (SELECT classid, objid FROM extended)
            ), item (kind, name) AS (
              SELECT 'schema', pg_catalog.quote_ident(nspname) FROM own
              WHERE (2615, oid) NOT IN (SELECT classid, objid FROM extended)
              UNION ALL SELECT 'extension', pg_catalog.quote_ident(extname) FROM pg_catalog.pg_extension
              UNION ALL
              SELECT CASE relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'f' THEN 'foreign table'
                  WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'sequence' END, name
              FROM relation WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S')
              UNION ALL
              SELECT 'index', pg_catalog.format('%I.%I', own.nspname, c.relname)
              FROM pg_catalog.pg_index AS i JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid
                JOIN own ON own.oid = c.relnamespace JOIN relation ON relation.oid = i.indrelid
              WHERE i.indisvalid OR relation.relkind = 'p'
              UNION ALL
              SELECT 'type', pg_catalog.format('%I.%I', own.nspname, t.typname)
              FROM pg_catalog.pg_type AS t JOIN own ON own.oid = t.typnamespace
                LEFT JOIN pg_catalog.pg_class AS c ON c.oid = t.typrelid
              WHERE (t.typtype IN ('d', 'e', 'r') OR c.relkind = 'c')
                AND (1247, t.oid) NOT IN (SELECT classid, objid FROM extended)
              UNION ALL
              SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
                pg_catalog.format('%I.%I(%s)', own.nspname, p.proname, pg_catalog.pg_get_function_identity_arguments(p.oid))
              FROM pg_catalog.pg_proc AS p JOIN own ON own.oid = p.pronamespace
              WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype IN ('e', 'i'))
              UNION ALL
              SELECT 'constraint', pg_catalog.format('%I on %s', k.conname, relation.name)
              FROM pg_catalog.pg_constraint AS k JOIN relation ON relation.oid = k.conrelid
              WHERE k.contype IN ('c', 'p', 'u', 'x') OR (k.contype = 'f' AND k.conparentid = 0)
              UNION ALL
              SELECT 'trigger', pg_catalog.format('%I on %s', t.tgname, relation.name)
              FROM pg_catalog.pg_trigger AS t JOIN relation ON relation.oid = t.tgrelid
              WHERE NOT t.tgisinternal
              UNION ALL
              SELECT 'rule', pg_catalog.format('%I on %s', r.rulename, relation.name)
              FROM pg_catalog.pg_rewrite AS r JOIN relation ON relation.oid = r.ev_class
              WHERE r.rulename <> '_RETURN'
              UNION ALL
              SELECT 'policy', pg_catalog.format('%I on %s', p.polname, relation.name)
              FROM pg_catalog.pg_policy AS p JOIN relation ON relation.oid = p.polrelid
              UNION ALL
              SELECT 'event trigger', pg_catalog.quote_ident(e.evtname) FROM pg_catalog.pg_event_trigger AS e
              WHERE (3466, e.oid) NOT IN (SELECT classid, objid FROM extended)
            )
            SELECT COALESCE(pg_catalog.json_agg(item ORDER BY kind, name), '[]') FROM item""";

    private PostgresObjects() {}

    /**
     * Lists everything, sorted by kind and name.
     *
     * @param session with the database, {@linkplain PostgresClients#bytesSession of bytes} where it is in SQL_ASCII, and
     *     whose {@code search_path} is empty, since it decides how the types of arguments are written
     */
    public static List<Item> list(SqlSession session) throws IOException {
        return List.of(Json.parse(session.value(SQL).getBytes(StandardCharsets.UTF_8), Item[].class));
    }
}
