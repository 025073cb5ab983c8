package io.github.bpipe.testkit;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Everything that two equal PostgreSQL databases have in common, by object: the text of each definition, a count and
 * checksum of each table's rows, the value of each sequence, each large object, and what belongs to the database as a
 * whole. Neither names nor numbers of the database itself are in it, so two maps are equal when the contents are.
 */
public final class PostgresFingerprint {
    /** pg_dump's heading of an entry; one that a function body fakes is cut the same way on both sides. */
    private static final Pattern HEADING =
            Pattern.compile("(?m)^--\\n-- (?:Data for )?Name: (.*); Type: (.*); Schema: (.*); Owner: .*\\n--\\n");

    /** What pg_dump prints anew each time, or between entries according to their order. */
    private static final Pattern PASSING =
            Pattern.compile("(?m)^\\\\(un)?restrict .*$|^SET default_table(space|_access_method) = .*;$|^-- Dumped .*$"
                    + "|^-- PostgreSQL database dump.*$");

    private PostgresFingerprint() {}

    /** Takes the fingerprint; fails the test where the database cannot be read. */
    public static SortedMap<String, String> of(ThrowawayPostgres server, String database) {
        SortedMap<String, String> fingerprint = new TreeMap<>();
        server.sql(database, Programs.resource(PostgresFingerprint.class, "postgres-fingerprint.sql"))
                .lines()
                .forEach(line -> put(
                        fingerprint,
                        line.substring(0, Math.max(0, line.indexOf('\t'))),
                        line.substring(line.indexOf('\t') + 1)));
        definitions(server, database, fingerprint);
        return fingerprint;
    }

    private static void definitions(ThrowawayPostgres server, String database, Map<String, String> fingerprint) {
        String encoding = server.sql(database, "SHOW server_encoding").strip();
        String script = Programs.run(
                        List.of(
                                server.programs().resolve("pg_dump").toString(),
                                "--schema-only",
                                "--host=" + server.socketFolder(),
                                "--username=postgres",
                                "--dbname=dbname='"
                                        + database.replace("\\", "\\\\").replace("'", "\\'") + "'"),
                        encoding.equals("SQL_ASCII") ? Map.of() : Map.of("PGCLIENTENCODING", "UTF8"),
                        new byte[0])
                .orFail();
        Matcher heading = HEADING.matcher(script);
        String key = "definition, head of all";
        int from = 0;
        while (heading.find()) {
            put(fingerprint, key, normalised(script.substring(from, heading.start())));
            key = "definition of " + heading.group(2) + " " + heading.group(3) + "." + heading.group(1);
            from = heading.end();
        }
        put(fingerprint, key, normalised(script.substring(from)));
    }

    private static String normalised(String entry) {
        return PASSING.matcher(entry).replaceAll("").replaceAll("\\s+$", "").replaceAll("^\\s+", "");
    }

    /** Keeps what has the same name beside the other, as with the overloads of a function. */
    private static void put(Map<String, String> fingerprint, String key, String value) {
        fingerprint.merge(key, value, (a, b) -> a.compareTo(b) < 0 ? a + "\n" + b : b + "\n" + a);
    }
}
