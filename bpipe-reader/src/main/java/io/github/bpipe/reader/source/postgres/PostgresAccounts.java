package io.github.bpipe.reader.source.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;
import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.PostgresDatabaseSql;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Header;
import io.github.bpipe.core.stream.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The roles that a database needs: those that own something in it, are granted something, are named in a policy or have
 * settings of their own in it; then the members of these, who act through them, and the roles of which any of them is a
 * member. The server's predefined roles ({@code pg_...}) are granted, but not created.
 *
 * <p>All roles have to be created before the first is granted.
 */
final class PostgresAccounts {
    /** Each field as the catalogue has it. */
    private record Role(
            String name,
            boolean superuser,
            boolean inherit,
            boolean createRole,
            boolean createDb,
            boolean login,
            boolean replication,
            boolean bypassRls,
            int connectionLimit,
            String password,
            String validUntil,
            String comment,
            List<String> settings,
            List<Membership> memberships) {}

    /** {@code inheritOption} and {@code setOption} are null before 16, which does not know them. */
    private record Membership(String role, boolean admin, Boolean inheritOption, Boolean setOption) {}

    // the dependency of what the bootstrap superuser (oid 10) owns is not recorded, so it is looked for
    private static final String SQL = """
            WITH RECURSIVE here AS (
              SELECT * FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()
            ), own AS (
              SELECT oid, nspowner FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
            ), needed (oid) AS (
              SELECT refobjid FROM pg_catalog.pg_shdepend, here
              WHERE refclassid = 1260 AND (dbid = here.oid OR (dbid = 0 AND classid = 1262 AND objid = here.oid))
              UNION SELECT datdba FROM here
              UNION SELECT setrole FROM pg_catalog.pg_db_role_setting, here WHERE setdatabase = here.oid AND setrole <> 0
              UNION SELECT nspowner FROM own
              UNION SELECT relowner FROM pg_catalog.pg_class JOIN own ON own.oid = relnamespace
              UNION SELECT proowner FROM pg_catalog.pg_proc JOIN own ON own.oid = pronamespace
              UNION SELECT typowner FROM pg_catalog.pg_type JOIN own ON own.oid = typnamespace
              UNION SELECT evtowner FROM pg_catalog.pg_event_trigger
              UNION SELECT pubowner FROM pg_catalog.pg_publication
              UNION SELECT lomowner FROM pg_catalog.pg_largeobject_metadata
            ), members (oid) AS (
              SELECT oid FROM needed
              UNION SELECT m.member FROM members JOIN pg_catalog.pg_roles AS r ON r.oid = members.oid
                JOIN pg_catalog.pg_auth_members AS m ON m.roleid = r.oid
              WHERE r.rolname !~ '^pg_'
            ), everybody (oid) AS (
              SELECT oid FROM members
              UNION SELECT m.roleid FROM everybody JOIN pg_catalog.pg_auth_members AS m ON m.member = everybody.oid
            )
            SELECT COALESCE(pg_catalog.json_agg(pg_catalog.json_build_object(
              'name', r.rolname, 'superuser', r.rolsuper, 'inherit', r.rolinherit, 'createRole', r.rolcreaterole,
              'createDb', r.rolcreatedb, 'login', r.rolcanlogin, 'replication', r.rolreplication,
              'bypassRls', r.rolbypassrls, 'connectionLimit', r.rolconnlimit,
              'password', %s, 'validUntil', r.rolvaliduntil::text,
              'comment', pg_catalog.shobj_description(r.oid, 'pg_authid'),
              'settings', COALESCE((SELECT pg_catalog.to_json(s.setconfig) FROM pg_catalog.pg_db_role_setting AS s
                WHERE s.setrole = r.oid AND s.setdatabase = 0), '[]'),
              'memberships', COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                  'role', g.rolname, 'admin', m.admin_option,
                  'inheritOption', pg_catalog.to_jsonb(m) -> 'inherit_option',
                  'setOption', pg_catalog.to_jsonb(m) -> 'set_option') ORDER BY g.rolname)
                FROM pg_catalog.pg_auth_members AS m JOIN pg_catalog.pg_roles AS g ON g.oid = m.roleid
                WHERE m.member = r.oid AND m.roleid IN (SELECT oid FROM everybody)), '[]'))
              ORDER BY r.rolname), '[]')
            FROM %s AS r JOIN everybody ON everybody.oid = r.oid
            WHERE r.rolname !~ '^pg_'""";

    private PostgresAccounts() {}

    /**
     * Reads them.
     *
     * @param passwords true where the session may read {@code pg_authid}, which holds the password hashes
     */
    static List<Header.Account> read(SqlSession session, boolean passwords) throws IOException {
        String json = session.value(
                passwords
                        ? SQL.formatted("r.rolpassword", "pg_catalog.pg_authid")
                        : SQL.formatted("NULL", "pg_catalog.pg_roles"));
        return Arrays.stream(Json.parse(json.getBytes(StandardCharsets.UTF_8), Role[].class))
                .map(role -> new Header.Account(identifier(role.name()), create(role), grants(role)))
                .toList();
    }

    private static String create(Role role) {
        String name = identifier(role.name());
        StringBuilder body = new StringBuilder("BEGIN IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = ")
                .append(literal(role.name()))
                .append(") THEN CREATE ROLE ")
                .append(name)
                .append(" WITH ")
                .append(String.join(" ", attributes(role)))
                .append(';');
        for (String setting : role.settings()) {
            int equals = setting.indexOf('=');
            body.append(" ALTER ROLE ").append(name).append(" SET ");
            body.append(PostgresDatabaseSql.assignment(setting.substring(0, equals), setting.substring(equals + 1)));
            body.append(';');
        }
        if (role.comment() != null) {
            body.append(" COMMENT ON ROLE " + name + " IS " + literal(role.comment()) + ";");
        }
        return "DO " + literal(body + " END IF; END");
    }

    private static List<String> attributes(Role role) {
        List<String> attributes = new ArrayList<>();
        attributes.add(role.superuser() ? "SUPERUSER" : "NOSUPERUSER");
        attributes.add(role.inherit() ? "INHERIT" : "NOINHERIT");
        attributes.add(role.createRole() ? "CREATEROLE" : "NOCREATEROLE");
        attributes.add(role.createDb() ? "CREATEDB" : "NOCREATEDB");
        attributes.add(role.login() ? "LOGIN" : "NOLOGIN");
        attributes.add(role.replication() ? "REPLICATION" : "NOREPLICATION");
        attributes.add(role.bypassRls() ? "BYPASSRLS" : "NOBYPASSRLS");
        if (role.connectionLimit() >= 0) {
            attributes.add("CONNECTION LIMIT " + role.connectionLimit());
        }
        if (role.password() != null) {
            attributes.add("PASSWORD " + literal(role.password()));
        }
        if (role.validUntil() != null) {
            attributes.add("VALID UNTIL " + literal(role.validUntil()));
        }
        return attributes;
    }

    private static List<String> grants(Role role) {
        return role.memberships().stream()
                .map(membership -> "GRANT " + identifier(membership.role()) + " TO " + identifier(role.name())
                        + options(role, membership))
                .toList();
    }

    /** The options of 16 and later only where they are not the usual ones, so that older servers understand the rest. */
    private static String options(Role role, Membership membership) {
        List<String> options = new ArrayList<>();
        if (membership.admin()) {
            options.add("ADMIN OPTION");
        }
        if (membership.inheritOption() != null && membership.inheritOption() != role.inherit()) {
            options.add("INHERIT " + membership.inheritOption());
        }
        if (Boolean.FALSE.equals(membership.setOption())) {
            options.add("SET FALSE");
        }
        return options.isEmpty() ? "" : " WITH " + String.join(", ", options);
    }
}
