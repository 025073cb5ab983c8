package io.github.bpipe.dist;

import io.github.bpipe.testkit.AwkwardTree;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.ThrowawayMariaDb;
import io.github.bpipe.testkit.ThrowawayPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** An application with awkward files and a database, its profile, and the place of its snapshot. */
final class SavedApplication {
    private static final String NAME = "snapshot_it";
    /** What the profile leaves out, and what a restore leaves beside a SQLite database. */
    private static final String[] SAVED = {
        "!", "-name", "*.db*", "!", "-name", "cloud.log", "!", "-path", "./alice/cache*"
    };

    private static final ThrowawayMariaDb MARIADB = ThrowawayMariaDb.shared();
    private static final ThrowawayPostgres POSTGRES = ThrowawayPostgres.shared();

    final Path folder;
    final Path data;
    final Path snapshot;
    final Path profile;
    private final String engine;

    /** With a database that says "backup". */
    SavedApplication(Path temporary, String engine) throws IOException {
        this.folder = temporary.toRealPath();
        this.data = folder.resolve("data");
        this.snapshot = folder.resolve("before-upgrade");
        this.profile = folder.resolve("cloud.yaml");
        this.engine = engine;
        AwkwardTree.make(data);
        drop();
        switch (engine) {
            case "mariadb" -> MARIADB.sql("", "CREATE DATABASE " + NAME);
            case "postgresql" -> POSTGRES.sql("postgres", "CREATE DATABASE " + NAME);
            default -> {}
        }
        sql("CREATE TABLE oc_t (v varchar(10) PRIMARY KEY); INSERT INTO oc_t VALUES ('backup')");
        writeProfile();
    }

    static void drop() {
        for (String suffix : new String[] {"", "__bpipe_old"}) {
            MARIADB.sql("", "DROP DATABASE IF EXISTS " + NAME + suffix);
            POSTGRES.sql("postgres", "DROP DATABASE IF EXISTS " + NAME + suffix);
        }
    }

    /** What an upgrade that goes wrong does. */
    void change() {
        AwkwardTree.change(data);
        sql("UPDATE oc_t SET v = 'later'");
    }

    /** Of all files that are saved. */
    String fingerprint() {
        return AwkwardTree.fingerprint(data, SAVED);
    }

    String value() {
        return sql("SELECT v FROM oc_t").strip();
    }

    /** Changes the text of the profile. */
    void profile(String from, String to) throws IOException {
        Files.writeString(profile, Files.readString(profile).replace(from, to));
    }

    Installed.Answer makeSnapshot() {
        return Installed.reader("snapshot", "--profile", profile.toString(), "--to", snapshot.toString());
    }

    Installed.Answer undo() {
        return Installed.writer(new byte[0], "undo", "--profile", profile.toString(), "--from", snapshot.toString());
    }

    /** What is left of snapshots that did not become complete. */
    List<Path> leftovers() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".before-upgrade"))
                    .toList();
        }
    }

    String database() {
        return engine.equals("sqlite") ? data.resolve("cloud.db").toString() : NAME;
    }

    private String sql(String sql) {
        return switch (engine) {
            case "mariadb" -> MARIADB.sql(NAME, sql);
            case "postgresql" -> POSTGRES.sql(NAME, sql);
            default -> Programs.run("sqlite3", database(), sql).orFail();
        };
    }

    private void writeProfile() throws IOException {
        String connection =
                switch (engine) {
                    case "mariadb" -> "connection: {socket: " + MARIADB.socket() + ", user: root}\n";
                    case "postgresql" ->
                        "connection: {socket: " + POSTGRES.socketFolder() + ", user: postgres, clients: "
                                + POSTGRES.programs() + "}\n";
                    default -> "";
                };
        Files.writeString(
                profile,
                "engine: " + engine + "\ndatabase: " + database() + "\n" + connection
                        + "files:\n  include: [" + data + "]\n  exclude: [" + data + "/cloud.log, '^" + data
                        + "/[^/]+/cache$']\n"
                        + "hooks:\n"
                        + "  preBackup: [{command: [/bin/echo, before]}]\n"
                        + "  postBackup: [{command: [/bin/echo, after]}]\n"
                        + "  preRestore: [{command: [/bin/echo, before]}]\n"
                        + "  postRestore: [{command: [/bin/echo, after]}]\n");
    }
}
