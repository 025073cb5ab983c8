package io.github.bpipe.writer.scan;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.profile.Profile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** The application's table of its files, {@code filecache}, in which a column tells which of them are encrypted. */
public final class FileCache implements Closeable {
    private static final Duration BUSY_LIMIT = Duration.ofSeconds(30);
    /** The application digests names of storages that are longer. */
    private static final int LONGEST_STORAGE = 64;

    private final String prefix;
    private final Statements statements;

    /** What all engines understand alike: numbers, and texts of hexadecimal digits. */
    private interface Statements extends Closeable {
        void execute(String sql) throws IOException;

        /** The first field of the first row; 0 where it is a count of none. */
        String value(String sql) throws IOException;
    }

    private FileCache(String prefix, Statements statements) {
        this.prefix = prefix;
        this.statements = statements;
    }

    /** Opens that of a profile's application, over the profile's connection. */
    public static FileCache open(Profile profile) throws IOException {
        return new FileCache(
                profile.application().tablePrefix(),
                switch (profile.engine()) {
                    case MARIADB, MYSQL ->
                        asked(new MariaDbClients(profile.engine(), profile.connection()).session(profile.database()));
                    case POSTGRESQL -> asked(new PostgresClients(profile.connection()).session(profile.database()));
                    case SQLITE -> file(Path.of(profile.database()));
                });
    }

    /**
     * Says of files of a user that they are encrypted, where it is not said yet.
     *
     * @param paths as {@code files/...}
     * @return how many of them the table says it of now
     */
    public long flag(String user, List<String> paths) throws IOException {
        String hashes = paths.stream().map(path -> "'" + md5(path) + "'").collect(Collectors.joining(", "));
        String rows = " WHERE storage = (SELECT numeric_id FROM " + prefix + "storages WHERE " + storage(user)
                + ") AND path_hash IN (" + hashes + ")";
        statements.execute("UPDATE " + prefix + "filecache SET encrypted = 1" + rows + " AND encrypted = 0");
        return Long.parseLong(
                statements.value("SELECT COUNT(*) FROM " + prefix + "filecache" + rows + " AND encrypted > 0"));
    }

    @Override
    public void close() throws IOException {
        statements.close();
    }

    /** User names hold letters, digits and {@code _.@-'} and spaces. */
    private static String storage(String user) {
        String id = "home::" + user;
        boolean tooLong = id.getBytes(StandardCharsets.UTF_8).length > LONGEST_STORAGE;
        return "id = '" + (tooLong ? md5(id) : id.replace("'", "''")) + "'";
    }

    private static String md5(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    private static Statements asked(SqlSession session) {
        return new Statements() {
            @Override
            public void execute(String sql) throws IOException {
                session.execute(sql);
            }

            @Override
            public String value(String sql) throws IOException {
                return session.value(sql);
            }

            @Override
            public void close() {
                session.close();
            }
        };
    }

    private static Statements file(Path file) throws Failure {
        try {
            Connection connection = SqliteFile.open(file, BUSY_LIMIT);
            return new Statements() {
                @Override
                public void execute(String sql) throws IOException {
                    try {
                        SqliteFile.execute(connection, sql);
                    } catch (SQLException e) {
                        throw SqliteFile.failure(file, e, ExitCode.APPLICATION);
                    }
                }

                @Override
                public String value(String sql) throws IOException {
                    try {
                        return SqliteFile.text(connection, sql);
                    } catch (SQLException e) {
                        throw SqliteFile.failure(file, e, ExitCode.APPLICATION);
                    }
                }

                @Override
                public void close() throws IOException {
                    try {
                        connection.close();
                    } catch (SQLException e) {
                        throw SqliteFile.failure(file, e, ExitCode.APPLICATION);
                    }
                }
            };
        } catch (SQLException e) {
            throw SqliteFile.failure(file, e, ExitCode.CONNECT);
        }
    }
}
