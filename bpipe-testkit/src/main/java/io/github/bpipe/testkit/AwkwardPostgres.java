package io.github.bpipe.testkit;

import java.util.ArrayList;
import java.util.List;

/** A PostgreSQL database with one of everything that a dump must carry unharmed. */
public final class AwkwardPostgres {
    /** The roles that own or are granted something in it. */
    public static final List<String> ROLES = List.of("awkward_owner", "awkward_reader", "Awk \"role", "awkward_member");

    private AwkwardPostgres() {}

    /** Makes the database, and the roles where they are missing. */
    public static void create(ThrowawayPostgres server, String database) {
        server.sql("postgres", Programs.resource(AwkwardPostgres.class, "awkward-postgres-roles.sql"));
        server.sql("postgres", "CREATE DATABASE " + identifier(database) + " TEMPLATE template0");
        server.sql(
                database,
                "\\set database '" + database.replace("\\", "\\\\").replace("'", "''") + "'\n"
                        + Programs.resource(AwkwardPostgres.class, "awkward-postgres.sql"));
    }

    /** Removes the database; the roles stay while other databases may need them. */
    public static void drop(ThrowawayPostgres server, String database) {
        server.sql("postgres", "DROP DATABASE IF EXISTS " + identifier(database) + " WITH (FORCE)");
    }

    /** Removes the roles, which no database may need any more. */
    public static void dropRoles(ThrowawayPostgres server) {
        List<String> quoted = new ArrayList<>();
        ROLES.forEach(role -> quoted.add(identifier(role)));
        server.sql("postgres", "DROP ROLE IF EXISTS " + String.join(", ", quoted));
    }

    /** Adds a table {@code big_rows} with a row of so many bytes, of every value, between two small ones. */
    public static void addBigRow(ThrowawayPostgres server, String database, int bytes) {
        server.sql(
                database,
                "CREATE TABLE big_rows (id integer, b bytea);"
                        + "INSERT INTO big_rows VALUES (1, 'small'), (2, decode(rpad('', 2 * " + bytes
                        + ", '00ff0a5c2e0d7f8027')::text, 'hex')), (3, 'small')");
    }

    /** Adds tables {@code many_0} and so on, each with one row. */
    public static void addTables(ThrowawayPostgres server, String database, int tables) {
        server.sql(
                database,
                "SELECT format('CREATE TABLE public.many_%s AS SELECT %s AS i', i, i) FROM generate_series(0, "
                        + (tables - 1) + ") AS i \\gexec");
    }

    private static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
