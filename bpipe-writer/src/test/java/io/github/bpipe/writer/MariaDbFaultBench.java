package io.github.bpipe.writer;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbProperties;
import io.github.bpipe.core.engine.MariaDbUnfinished;
import io.github.bpipe.core.stream.ObjectEntry;
import io.github.bpipe.core.stream.Phase;
import io.github.bpipe.testkit.MariaDbFingerprint;
import io.github.bpipe.testkit.SmallDisk;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A MariaDB server. */
final class MariaDbFaultBench extends FaultBench {
    private static final String DATABASE = "fault `db";
    private static final int BLOCKS = 6;
    private static final int ROWS = 200;

    private final ThrowawayMariaDb server;

    MariaDbFaultBench() {
        super(SmallDisk.of(320L << 20));
        server = ThrowawayMariaDb.startOn(disk);
    }

    @Override
    String engine() {
        return Engine.MARIADB.id();
    }

    @Override
    Connection connection() {
        return new Connection(null, null, server.socket(), "root", null, null, null);
    }

    @Override
    String database() {
        return DATABASE;
    }

    @Override
    public void close() {
        server.stop(true);
        disk.close();
    }

    @Override
    FaultStream make(boolean renewed) throws IOException {
        String word = renewed ? "new" : "old";
        List<FaultStream.Block> blocks = new ArrayList<>();
        blocks.add(FaultStream.Block.sql(
                Phase.SCHEMA,
                "t",
                "CREATE TABLE t (id INT PRIMARY KEY, txt MEDIUMTEXT);\nCREATE TABLE audit (what VARCHAR(20));\n"
                        + "CREATE TABLE only_" + word + " (i INT);\n",
                0));
        for (int block = 0; block < BLOCKS; block++) {
            StringBuilder rows = new StringBuilder("INSERT INTO t VALUES ");
            for (int row = 0; row < ROWS; row++) {
                int id = block * ROWS + row;
                rows.append(row == 0 ? "(" : ",(").append(id).append(",'").append(word);
                rows.append((id + " ").repeat(400)).append("')");
            }
            blocks.add(FaultStream.Block.sql(Phase.DATA, "t", rows.append(";\n").toString(), ROWS));
        }
        blocks.add(FaultStream.Block.sql(
                Phase.FINISH,
                null,
                "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW INSERT INTO audit VALUES ('" + word + "');\n"
                        + "CREATE FUNCTION f() RETURNS VARCHAR(3) DETERMINISTIC RETURN '" + word + "';\n"
                        + "CREATE VIEW v AS SELECT COUNT(*) AS n, '" + word + "' AS word FROM t;\n",
                0));
        List<ObjectEntry> objects = List.of(
                new ObjectEntry("t", "table", (long) BLOCKS * ROWS, null),
                new ObjectEntry("audit", "table", 0L, null),
                new ObjectEntry("only_" + word, "table", 0L, null),
                new ObjectEntry("tr", "trigger", null, null),
                new ObjectEntry("f", "function", null, null),
                new ObjectEntry("v", "view", null, null));
        return FaultStream.of(
                engine(), DATABASE, new MariaDbProperties("utf8mb4", "utf8mb4_bin", word, "", 0), blocks, objects);
    }

    @Override
    Map<String, String> content() {
        return MariaDbFingerprint.of(server, DATABASE);
    }

    @Override
    Map<String, String> only(Map<String, String> content) {
        Map<String, String> rows = new TreeMap<>(content);
        rows.keySet()
                .removeIf(key -> (!key.startsWith("rows ") && !key.startsWith("checksum "))
                        || key.endsWith(" " + MariaDbUnfinished.TABLE));
        return rows;
    }

    @Override
    List<String> around() {
        return server.sql("", "SHOW DATABASES LIKE 'fault%'").lines().toList();
    }

    @Override
    void killServer() {
        server.stop(true);
        server.start();
    }

    @Override
    void revive() {
        server.revive();
    }

    @Override
    void loseConnections() {
        server.sql(
                        "",
                        "SELECT CONCAT('KILL ', ID) FROM information_schema.PROCESSLIST WHERE USER = 'root'"
                                + " AND ID <> CONNECTION_ID()")
                .lines()
                .forEach(kill -> server.client("", kill));
    }
}
