-- Prints "key <TAB> value" for everything of a PostgreSQL database that the text of its definitions does not hold.
-- First the settings that decide how values look, whatever the database's own settings say.
SELECT pg_catalog.set_config('client_encoding',
    CASE pg_catalog.current_setting('server_encoding') WHEN 'SQL_ASCII' THEN 'LATIN1' ELSE 'UTF8' END, false)
\g /dev/null
SET search_path = '';
SET bytea_output = 'hex';
SET extra_float_digits = 3;
SET DateStyle = 'ISO, YMD';
SET IntervalStyle = 'postgres';
SET TimeZone = 'UTC';
SET lc_monetary = 'C';
SET row_security = off;
SET statement_timeout = 0;
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\t'

SELECT 'database ' || p.key, p.value
FROM pg_catalog.pg_database AS d,
    LATERAL (VALUES
        ('encoding', pg_catalog.pg_encoding_to_char(d.encoding)::text),
        ('provider', d.datlocprovider::text),
        ('collate', d.datcollate),
        ('ctype', d.datctype),
        ('locale', pg_catalog.to_jsonb(d) ->> 'daticulocale'),
        ('locale', pg_catalog.to_jsonb(d) ->> 'datlocale'),
        ('owner', d.datdba::pg_catalog.regrole::text),
        ('connection limit', d.datconnlimit::text),
        ('comment', pg_catalog.to_json(pg_catalog.shobj_description(d.oid, 'pg_database'))::text),
        ('privileges', (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', g.rolname, a.privilege_type, a.is_grantable), ', '
                            ORDER BY g.rolname, a.privilege_type)
                        FROM pg_catalog.aclexplode(COALESCE(d.datacl, pg_catalog.acldefault('d', d.datdba))) AS a
                            LEFT JOIN pg_catalog.pg_roles AS g ON g.oid = a.grantee))
    ) AS p (key, value)
WHERE d.datname = pg_catalog.current_database() AND p.value IS NOT NULL;

SELECT 'setting ' || COALESCE(r.rolname, 'of all') || ' ' || pg_catalog.split_part(s.config, '=', 1),
    pg_catalog.to_json(s.config)::text
FROM pg_catalog.pg_db_role_setting AS drs
    LEFT JOIN pg_catalog.pg_roles AS r ON r.oid = drs.setrole,
    LATERAL pg_catalog.unnest(drs.setconfig) AS s (config)
WHERE drs.setdatabase = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database());

SELECT 'storage ' || pg_catalog.replace(c.oid::pg_catalog.regclass::text, E'\n', ' '), pg_catalog.concat_ws(' ', c.relkind, c.relpersistence, t.spcname, a.amname,
    c.relreplident, c.relispopulated, c.reloptions)
FROM pg_catalog.pg_class AS c
    LEFT JOIN pg_catalog.pg_tablespace AS t ON t.oid = c.reltablespace
    LEFT JOIN pg_catalog.pg_am AS a ON a.oid = c.relam
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema';

SELECT 'extension ' || e.extname, pg_catalog.concat_ws(' ', e.extversion, e.extnamespace::pg_catalog.regnamespace)
FROM pg_catalog.pg_extension AS e;

SELECT 'large object ' || m.oid, pg_catalog.concat_ws(' ', pg_catalog.md5(pg_catalog.lo_get(m.oid)),
    m.lomowner::pg_catalog.regrole, m.lomacl, pg_catalog.obj_description(m.oid, 'pg_largeobject'))
FROM pg_catalog.pg_largeobject_metadata AS m;

SELECT pg_catalog.format('SELECT %L, last_value, is_called FROM %s', 'sequence ' || pg_catalog.replace(c.oid::pg_catalog.regclass::text, E'\n', ' '),
    c.oid::pg_catalog.regclass)
FROM pg_catalog.pg_class AS c
WHERE c.relkind = 'S'
\gexec

SELECT pg_catalog.format(
    'SELECT %L, pg_catalog.concat_ws('' '', count(*), pg_catalog.md5(string_agg(h, '''' ORDER BY h)))'
    ' FROM (SELECT pg_catalog.md5(t::text) AS h FROM ONLY %s AS t) AS rows',
    'rows ' || pg_catalog.replace(c.oid::pg_catalog.regclass::text, E'\n', ' '), c.oid::pg_catalog.regclass)
FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND (c.relkind = 'r' OR c.relkind = 'm' AND c.relispopulated)
\gexec
