package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.stream.Json;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * The table beside the marker that holds the definitions which cannot cross schemas: those that the live database is to
 * get, and those that it had. It travels with the marker, so that any later run, from any host, can go on or back.
 */
final class MariaDbJournal {
    static final String TABLE = "__bpipe_journal";

    private static final int CHUNK_BYTES = 256 << 10;

    /** Whose definitions. */
    enum Role {
        /** Those of the staged copy. */
        COMING,
        /** Those of what was live. */
        LEAVING;

        String id() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }

    private final SqlSession session;
    private final String schema;

    MariaDbJournal(SqlSession session, String schema) {
        this.session = session;
        this.schema = schema;
    }

    void create() throws IOException {
        session.execute("CREATE TABLE " + table()
                + " (role VARCHAR(8) NOT NULL, part VARCHAR(16) NOT NULL, n INT NOT NULL, body LONGBLOB NOT NULL,"
                + " PRIMARY KEY (role, part, n)) ENGINE = InnoDB DEFAULT CHARACTER SET = utf8mb4"
                + " COLLATE = utf8mb4_bin COMMENT = 'made by bpipe-writer; do not remove'");
    }

    /** Keeps a script, in place of an earlier one. */
    void write(Role role, Part part, byte[] script) throws IOException {
        session.execute("DELETE FROM " + table() + where(role, part));
        for (int from = 0, n = 0; from < script.length; from += CHUNK_BYTES, n++) {
            byte[] chunk = Arrays.copyOfRange(script, from, Math.min(script.length, from + CHUNK_BYTES));
            session.execute("INSERT INTO " + table() + " VALUES ('" + role.id() + "', '" + part.id() + "', " + n
                    + ", x'" + HexFormat.of().formatHex(chunk) + "')");
        }
    }

    /** A script that was kept; empty where there was nothing. */
    byte[] read(Role role, Part part) throws IOException {
        ByteArrayOutputStream script = new ByteArrayOutputStream();
        for (String n : session.column("SELECT n FROM " + table() + where(role, part) + " ORDER BY n")) {
            String hex = session.value("SELECT HEX(body) FROM " + table() + where(role, part) + " AND n = " + n);
            script.writeBytes(HexFormat.of().parseHex(hex));
        }
        return script.toByteArray();
    }

    /** Keeps statements or names, in place of earlier ones. */
    void writeList(Role role, Part part, List<String> entries) throws IOException {
        write(role, part, entries.isEmpty() ? new byte[0] : Json.bytes(entries));
    }

    /** Those that were kept; empty where there were none. */
    List<String> readList(Role role, Part part) throws IOException {
        byte[] kept = read(role, part);
        return kept.length == 0 ? List.of() : List.of(Json.parse(kept, String[].class));
    }

    /** True when what is coming differs from what was there. */
    boolean changes(Part part) throws IOException {
        return !Arrays.equals(read(Role.COMING, part), read(Role.LEAVING, part));
    }

    /** The statements that make those who left come back: to be run in one transaction with the marker's. */
    List<String> turn() {
        return List.of(
                "DELETE FROM " + table() + " WHERE role = '" + Role.COMING.id() + "'",
                "UPDATE " + table() + " SET role = '" + Role.COMING.id() + "'");
    }

    /** Undoes {@link #turn}: what was about to come back is again what left. */
    List<String> turnBack() {
        return List.of(
                "DELETE FROM " + table() + " WHERE role = '" + Role.LEAVING.id() + "'",
                "UPDATE " + table() + " SET role = '" + Role.LEAVING.id() + "'");
    }

    private String table() {
        return MariaDbCatalog.qualified(schema, TABLE);
    }

    private static String where(Role role, Part part) {
        return " WHERE role = '" + role.id() + "' AND part = '" + part.id() + "'";
    }
}
