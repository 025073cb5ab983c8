package io.github.bpipe.dist;

import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** One database of each engine, full of noise: its stream is longer than pipes and buffers hold. */
final class NoisyDatabases {
    private final String name;
    private final ThrowawayMariaDb mariaDb = ThrowawayMariaDb.shared();
    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private final Path sqlite;

    /**
     * Makes them.
     *
     * @param name of those on the servers
     * @param folder for the SQLite file, which stands there alone
     */
    NoisyDatabases(String name, Path folder) {
        this.name = name;
        this.sqlite = folder.resolve("app.db");
        drop();
        mariaDb.sql("", "CREATE DATABASE " + name);
        mariaDb.sql(
                name,
                "CREATE TABLE noise (id int PRIMARY KEY, a blob); INSERT INTO noise SELECT seq, RANDOM_BYTES(1000) FROM"
                        + " seq_1_to_10000");
        postgres.sql("postgres", "CREATE DATABASE " + name);
        postgres.sql(
                name,
                "CREATE TABLE noise AS SELECT i, (SELECT string_agg(md5(random()::text || i || j), '') FROM"
                        + " generate_series(1, 40) j) AS a FROM generate_series(1, 15000) i");
        AwkwardSqlite.sql(
                sqlite,
                "CREATE TABLE noise (i INTEGER PRIMARY KEY, a BLOB)",
                "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 60000) INSERT INTO noise"
                        + " SELECT x, randomblob(1000) FROM c");
    }

    /** Removes those on the servers. */
    void drop() {
        mariaDb.sql("", "DROP DATABASE IF EXISTS " + name);
        postgres.sql("postgres", "DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    /** The reader's arguments. */
    String source(String engine) {
        String database = engine.equals("sqlite") ? sqlite.toString() : name;
        return "--engine=" + engine + " --database=" + database + " " + connection(engine);
    }

    /** The writer's arguments. */
    String connection(String engine) {
        return switch (engine) {
            case "mariadb" -> "--socket=" + mariaDb.socket() + " --user=root";
            case "postgresql" ->
                "--socket=" + postgres.socketFolder() + " --user=postgres --clients=" + postgres.programs();
            default -> "";
        };
    }

    /** The database, and what stands beside it. */
    String state(String engine) throws IOException {
        return switch (engine) {
            case "mariadb" -> mariaDb.sql("", "CHECKSUM TABLE " + name + ".noise; SHOW DATABASES LIKE '" + name + "%'");
            case "postgresql" ->
                postgres.sql(
                        name,
                        "SELECT oid, datname FROM pg_database WHERE datname LIKE '" + name + "%' ORDER BY 1;"
                                + " SELECT md5(string_agg(a, '' ORDER BY i)) FROM noise");
            default -> sqliteState();
        };
    }

    private String sqliteState() throws IOException {
        try (Stream<Path> files = Files.list(sqlite.getParent())) {
            List<Path> all = files.sorted().toList();
            return all + Programs.run("sha256sum", sqlite.toString()).orFail();
        }
    }

    /** Native programs that work with the two servers now. */
    List<String> clients() {
        String clients =
                "^\\S*(mariadb|mariadb-dump|psql|pg_dump) .*(" + mariaDb.socket() + "|" + postgres.socketFolder() + ")";
        return Programs.run("pgrep", "-af", clients).out().lines().toList();
    }
}
