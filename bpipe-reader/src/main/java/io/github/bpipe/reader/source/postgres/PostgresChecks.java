package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Finds what pg_dump would fail at after minutes, or leave out, before it is started. */
final class PostgresChecks {
    private static final int NAMES_SHOWN = 5;

    /** Tables that are dumped with their rows; those of an extension only where it has rows of the user's. */
    static final String TABLES = """
            SELECT c.oid, c.relnamespace, pg_catalog.format('%I.%I', n.nspname, c.relname) AS name
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
                WHERE d.classid = 1259 AND d.objid = c.oid AND d.refclassid = 3079 AND d.deptype = 'e'
                  AND c.oid <> ALL (COALESCE(e.extconfig, '{}')))""";

    private static final String UNREADABLE = """
            SELECT COALESCE(pg_catalog.json_agg(o.name ORDER BY o.name), '[]') FROM (
              SELECT 'table ' || t.name AS name FROM (%s) AS t
              WHERE NOT (pg_catalog.has_table_privilege(t.oid, 'SELECT')
                AND pg_catalog.has_schema_privilege(t.relnamespace, 'USAGE'))
              UNION ALL
              SELECT 'sequence ' || pg_catalog.format('%%I.%%I', n.nspname, c.relname)
              FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
              WHERE c.relkind = 'S' AND n.nspname !~ '^pg_'
                AND NOT (pg_catalog.has_schema_privilege(n.oid, 'USAGE')
                  AND CASE WHEN c.relkind = 'S' THEN pg_catalog.has_sequence_privilege(c.oid, 'SELECT') END)
                AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS d
                  WHERE d.classid = 1259 AND d.objid = c.oid AND d.deptype = 'e')
              UNION ALL
              SELECT 'large object ' || m.oid
              FROM pg_catalog.pg_largeobject_metadata AS m JOIN pg_catalog.pg_roles AS me ON me.rolname = current_user
              WHERE NOT me.rolsuper AND pg_catalog.current_setting('lo_compat_privileges') = 'off'
                AND NOT pg_catalog.pg_has_role(m.lomowner, 'USAGE')
                AND NOT EXISTS (SELECT FROM pg_catalog.aclexplode(m.lomacl) AS a
                  WHERE a.privilege_type = 'SELECT'
                    AND CASE WHEN a.grantee = 0 THEN true ELSE pg_catalog.pg_has_role(a.grantee, 'USAGE') END)
            ) AS o""".formatted(TABLES);

    private static final String HIDDEN_ROWS =
            "SELECT COALESCE(pg_catalog.json_agg(t.name ORDER BY t.name), '[]') FROM (" + TABLES
                    + ") AS t WHERE pg_catalog.row_security_active(t.oid)";

    private static final String SUBSCRIPTIONS = """
            SELECT COALESCE(pg_catalog.json_agg(s.subname), '[]')
            FROM pg_catalog.pg_subscription AS s JOIN pg_catalog.pg_database AS d ON d.oid = s.subdbid
            WHERE d.datname = pg_catalog.current_database()
              AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user)""";

    private PostgresChecks() {}

    /** Refuses a database that the session's role cannot read as a whole. */
    static void requireReadable(SqlSession session) throws IOException {
        List<String> unreadable = names(session, UNREADABLE);
        if (!unreadable.isEmpty()) {
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "role " + session.value("SELECT current_user") + " cannot read " + shown(unreadable),
                    "GRANT pg_read_all_data to it (14 and later) or SELECT on each, for large objects too; or dump as the"
                            + " owner or a superuser");
        }
        List<String> hidden = names(session, HIDDEN_ROWS);
        if (!hidden.isEmpty()) {
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "row-level security hides rows from role " + session.value("SELECT current_user") + " in table "
                            + shown(hidden),
                    "ALTER ROLE ... BYPASSRLS, or dump as a superuser");
        }
    }

    /** What pg_dump leaves out without failing. */
    static List<String> warnings(SqlSession session) throws IOException {
        List<String> subscriptions = names(session, SUBSCRIPTIONS);
        return subscriptions.isEmpty()
                ? List.of()
                : List.of("only a superuser can dump subscriptions, so these are left out: " + shown(subscriptions));
    }

    static List<String> names(SqlSession session, String sql) throws IOException {
        return List.of(Json.parse(session.value(sql).getBytes(StandardCharsets.UTF_8), String[].class));
    }

    private static String shown(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(NAMES_SHOWN, names.size())));
        return names.size() <= NAMES_SHOWN ? first : first + " and " + (names.size() - NAMES_SHOWN) + " more";
    }
}
