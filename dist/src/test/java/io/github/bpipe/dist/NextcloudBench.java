package io.github.bpipe.dist;

import io.github.bpipe.testkit.AwkwardSqlite;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A database of each engine with the tables of Nextcloud's app dav, all of whose names begin with {@code nc_}. */
final class NextcloudBench {
    private static final String NAME = "nextcloud_bench";
    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    private final String engine;
    private final Path folder;

    /** Makes it anew; a SQLite file in that folder. */
    NextcloudBench(String engine, Path folder) {
        this.engine = engine;
        this.folder = folder;
        drop();
        if (engine.equals("mariadb")) {
            MARIADB.sql("", "CREATE DATABASE " + NAME + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin");
        } else if (engine.equals("postgresql")) {
            POSTGRES.sql("postgres", "CREATE DATABASE " + NAME);
        }
        createTables();
    }

    static void drop() {
        MARIADB.sql("", "DROP DATABASE IF EXISTS " + NAME);
        POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS " + NAME);
    }

    /** The application's profile. */
    String profile() {
        String connection =
                switch (engine) {
                    case "mariadb" -> "connection: {socket: " + MARIADB.socket() + ", user: root}\n";
                    case "postgresql" ->
                        "connection: {socket: " + POSTGRES.socketFolder() + ", user: postgres, clients: "
                                + POSTGRES.programs() + "}\n";
                    default -> "";
                };
        String database = engine.equals("sqlite") ? folder + "/live.db" : NAME;
        return "engine: " + engine + "\ndatabase: " + database + "\n" + connection
                + "application: {kind: nextcloud, tablePrefix: nc_}\n";
    }

    private void createTables() {
        String id =
                switch (engine) {
                    case "mariadb" -> "id bigint NOT NULL AUTO_INCREMENT PRIMARY KEY";
                    case "postgresql" -> "id bigserial PRIMARY KEY";
                    default -> "id INTEGER PRIMARY KEY AUTOINCREMENT";
                };
        String data = engine.equals("mariadb") ? "longblob" : engine.equals("postgresql") ? "bytea" : "BLOB";
        String collection = id + ", principaluri varchar(255), displayname varchar(255), uri varchar(255),"
                + " synctoken int NOT NULL DEFAULT 1, description varchar(255)";
        String change = id + ", uri varchar(255), synctoken int NOT NULL DEFAULT 1, operation smallint NOT NULL,"
                + " created_at int NOT NULL DEFAULT 0, ";
        sql(
                "CREATE TABLE nc_calendars (" + collection + ", components varchar(64), deleted_at int)",
                "CREATE TABLE nc_calendarobjects (" + id + ", calendardata " + data + ", uri varchar(255), calendarid"
                        + " bigint NOT NULL, lastmodified int, etag varchar(32), size bigint NOT NULL, componenttype"
                        + " varchar(8), firstoccurence bigint, lastoccurence bigint, uid varchar(255), classification int"
                        + " DEFAULT 0, calendartype int NOT NULL DEFAULT 0, deleted_at int)",
                "CREATE UNIQUE INDEX calobjects_index ON nc_calendarobjects (calendarid, calendartype, uri)",
                "CREATE TABLE nc_calendarobjects_props (" + id
                        + ", calendarid bigint NOT NULL DEFAULT 0, objectid bigint"
                        + " NOT NULL DEFAULT 0, name varchar(64), parameter varchar(64), value varchar(255), calendartype"
                        + " int NOT NULL DEFAULT 0)",
                "CREATE TABLE nc_calendarchanges (" + change + "calendarid bigint NOT NULL, calendartype int NOT NULL"
                        + " DEFAULT 0)",
                "CREATE TABLE nc_addressbooks (" + collection + ")",
                "CREATE TABLE nc_cards (" + id + ", addressbookid bigint NOT NULL DEFAULT 0, carddata " + data
                        + ", uri varchar(255), lastmodified bigint, etag varchar(32), size bigint NOT NULL, uid"
                        + " varchar(255))",
                "CREATE TABLE nc_cards_properties (" + id
                        + ", addressbookid bigint NOT NULL DEFAULT 0, cardid bigint NOT"
                        + " NULL DEFAULT 0, name varchar(64), value varchar(255), preferred int NOT NULL DEFAULT 1)",
                "CREATE TABLE nc_addressbookchanges (" + change + "addressbookid bigint NOT NULL)");
    }

    String blob(String text) {
        return engine.equals("postgresql") ? "'\\x" + hex(text) + "'" : "X'" + hex(text) + "'";
    }

    String hexOf(String column) {
        return engine.equals("postgresql") ? "encode(" + column + ", 'hex')" : "hex(" + column + ")";
    }

    int number(String sql) {
        return Integer.parseInt(query(sql));
    }

    void sql(String... statements) {
        if (engine.equals("sqlite")) {
            AwkwardSqlite.sql(folder.resolve("live.db"), statements);
        } else {
            query(String.join("; ", statements));
        }
    }

    /** One line, with a bar between the fields. */
    String query(String sql) {
        List<String> command =
                switch (engine) {
                    case "mariadb" ->
                        List.of(
                                "mariadb",
                                "--no-defaults",
                                "--default-character-set=utf8mb4",
                                "-N",
                                "-B",
                                "--socket=" + MARIADB.socket(),
                                "--user=root",
                                NAME,
                                "-e",
                                sql);
                    case "postgresql" ->
                        List.of(
                                "psql",
                                "-XAtq",
                                "-v",
                                "ON_ERROR_STOP=1",
                                "-h",
                                POSTGRES.socketFolder().toString(),
                                "-U",
                                "postgres",
                                NAME,
                                "-c",
                                sql);
                    default -> List.of("sqlite3", folder.resolve("live.db").toString(), sql);
                };
        return Programs.run(command, Map.of(), new byte[0]).orFail().strip().replace('\t', '|');
    }

    static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }
}
