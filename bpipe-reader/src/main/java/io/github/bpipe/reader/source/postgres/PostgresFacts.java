package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresProperties;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.reader.source.HalfRestored;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What the catalogue says about the database as a whole. */
final class PostgresFacts {
    private static final int FIRST_WITH_COLLATION_VERSION = 15;

    // columns that not every version has are asked for by way of JSON
    private static final String PROPERTIES = """
            SELECT pg_catalog.json_build_object(
              'encoding', pg_catalog.pg_encoding_to_char(d.encoding),
              'localeProvider', CASE pg_catalog.to_jsonb(d) ->> 'datlocprovider'
                WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END,
              'collate', d.datcollate, 'ctype', d.datctype,
              'locale', COALESCE(pg_catalog.to_jsonb(d) ->> 'datlocale', pg_catalog.to_jsonb(d) ->> 'daticulocale'),
              'icuRules', pg_catalog.to_jsonb(d) ->> 'daticurules',
              'collationVersion', pg_catalog.to_jsonb(d) ->> 'datcollversion',
              'owner', o.rolname,
              'comment', pg_catalog.shobj_description(d.oid, 'pg_database'),
              'grants', CASE WHEN d.datacl IS NOT NULL THEN COALESCE((
                SELECT pg_catalog.json_agg(pg_catalog.json_build_object('grantee', g.rolname,
                  'privilege', a.privilege_type, 'grantable', a.is_grantable))
                FROM pg_catalog.aclexplode(d.datacl) AS a LEFT JOIN pg_catalog.pg_roles AS g ON g.oid = a.grantee), '[]') END,
              'settings', COALESCE((
                SELECT pg_catalog.json_agg(pg_catalog.json_build_object('role', r.rolname,
                  'name', pg_catalog.split_part(c, '=', 1),
                  'value', pg_catalog.substr(c, pg_catalog.strpos(c, '=') + 1)) ORDER BY r.rolname NULLS FIRST, c)
                FROM pg_catalog.pg_db_role_setting AS s LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = s.setrole,
                  LATERAL pg_catalog.unnest(s.setconfig) AS c
                WHERE s.setdatabase = d.oid), '[]'),
              'connectionLimit', d.datconnlimit,
              'tablespace', t.spcname,
              'extensions', COALESCE((
                SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', e.extname, 'version', e.extversion,
                  'schema', n.nspname) ORDER BY e.extname)
                FROM pg_catalog.pg_extension AS e JOIN pg_catalog.pg_namespace AS n ON n.oid = e.extnamespace), '[]'))
            FROM pg_catalog.pg_database AS d JOIN pg_catalog.pg_roles AS o ON o.oid = d.datdba
              JOIN pg_catalog.pg_tablespace AS t ON t.oid = d.dattablespace
            WHERE d.datname = pg_catalog.current_database()""";

    /** Rows are about as long in a COPY as in their table; a large object's bytes become hexadecimal digits. */
    private static final String ESTIMATE = """
            SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_table_size(c.oid)), 0)
              + 2 * pg_catalog.pg_table_size('pg_catalog.pg_largeobject')
            FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'""";

    private static final String COLLATION = """
            SELECT COALESCE(pg_catalog.json_agg(d.datcollversion), '[]') FROM pg_catalog.pg_database AS d
            WHERE d.datname = pg_catalog.current_database()
              AND d.datcollversion <> pg_catalog.pg_database_collation_actual_version(d.oid)""";

    private PostgresFacts() {}

    static PostgresProperties properties(SqlSession session) throws IOException {
        return Json.parse(session.value(PROPERTIES).getBytes(StandardCharsets.UTF_8), PostgresProperties.class);
    }

    /** Refuses a database that the writer has marked because its restore did not finish. */
    static void requireWhole(SqlSession session, String database) throws IOException {
        String comment = session.value("SELECT pg_catalog.shobj_description(oid, 'pg_database')"
                + " FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()");
        boolean half = PostgresMarker.parse(comment)
                .filter(marker -> marker.isHalfRestored(database))
                .isPresent();
        if (half) {
            throw HalfRestored.failure(database);
        }
    }

    static long estimatedBytes(SqlSession session) throws IOException {
        return Long.parseLong(session.value(ESTIMATE));
    }

    /** On the server's disk, indexes included. */
    static long sizeBytes(SqlSession session) throws IOException {
        return Long.parseLong(session.value("SELECT pg_catalog.pg_database_size(pg_catalog.current_database())"));
    }

    /** True where the session may read the hashes of passwords. */
    static boolean passwordsReadable(SqlSession session) throws IOException {
        return session.value("SELECT pg_catalog.has_table_privilege('pg_catalog.pg_authid', 'SELECT')")
                .equals("t");
    }

    /** What the administrator should know about this dump. */
    static List<String> warnings(SqlSession session, int serverMajor) throws IOException {
        List<String> warnings = new ArrayList<>(PostgresChecks.warnings(session));
        if (!passwordsReadable(session)) {
            warnings.add("only a superuser can read the passwords of roles, so they are left out");
        }
        if (serverMajor >= FIRST_WITH_COLLATION_VERSION
                && !PostgresChecks.names(session, COLLATION).isEmpty()) {
            warnings.add("the library of the database's collation has changed since its indexes were built;"
                    + " REINDEX the database, then ALTER DATABASE ... REFRESH COLLATION VERSION");
        }
        return warnings;
    }
}
