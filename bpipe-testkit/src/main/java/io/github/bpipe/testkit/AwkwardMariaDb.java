package io.github.bpipe.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Databases with everything that a dump of MariaDB must carry unharmed. */
public final class AwkwardMariaDb {
    private AwkwardMariaDb() {}

    /**
     * Creates a database with one of everything: {@code awkward-mariadb.sql} in the resources. Its character set differs
     * from the server's, and from the one it had when some of its routines were made.
     */
    public static void create(ThrowawayMariaDb server, String database) {
        String name = "`" + database.replace("`", "``") + "`";
        server.sql("", "CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_german2_ci COMMENT 'it''s'");
        server.client(database, resource("awkward-mariadb.sql")).orFail();
        server.sql("", "ALTER DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci");
        server.sql(database, "CREATE PROCEDURE `of the new collation`() SELECT 'x'");
    }

    /** Adds a table with one row whose blob has 64 MiB of bytes of every value. */
    public static void addBigRow(ThrowawayMariaDb server, String database) {
        server.sql(
                database,
                "CREATE TABLE `big row` (`id` int PRIMARY KEY, `blob` longblob); INSERT INTO `big row` SELECT 1,"
                        + " REPEAT(GROUP_CONCAT(CHAR(seq USING binary) ORDER BY seq SEPARATOR ''), 262144) FROM"
                        + " seq_0_to_255; INSERT INTO `big row` VALUES (2, 'small')");
    }

    /** Adds that many small tables with one row each, {@code t0} ... */
    public static void addTables(ThrowawayMariaDb server, String database, int count) {
        StringBuilder sql = new StringBuilder("SET SESSION sql_log_bin = 0;\n");
        for (int i = 0; i < count; i++) {
            sql.append("CREATE TABLE t").append(i).append(" (id int PRIMARY KEY, v varchar(10));\n");
            sql.append("INSERT INTO t").append(i).append(" VALUES (").append(i).append(", 'x');\n");
        }
        server.sql(database, sql.toString());
    }

    private static byte[] resource(String name) {
        try (InputStream in = AwkwardMariaDb.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
