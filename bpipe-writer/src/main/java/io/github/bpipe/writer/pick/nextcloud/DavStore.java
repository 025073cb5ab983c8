package io.github.bpipe.writer.pick.nextcloud;

import io.github.bpipe.core.engine.SqliteFile;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.OwnedFolder;
import io.github.bpipe.writer.pick.Row;
import io.github.bpipe.writer.pick.RowHandler;
import io.github.bpipe.writer.pick.Table;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Keeps the matching entries in a private temporary database: whose they are is known only when the table of collections
 * has come, which may stand behind theirs. What is put back must be whole: then all columns are kept, and the properties
 * that entries are found by.
 */
public final class DavStore implements RowHandler, Closeable {
    /** Takes the entries, sorted by user, collection and their own names. */
    public interface Taker {
        void take(DavEntry entry) throws IOException;
    }

    private final DavKind kind;
    private final String collectionTable;
    private final String propertyTable;
    private final boolean whole;
    private final DavQuery query;
    private final OwnedFolder folder;
    private final Path file;
    private final Connection connection;
    private final PreparedStatement addCollection;
    private final PreparedStatement addEntry;
    private final PreparedStatement addField;
    private long properties;
    private Table table;

    /**
     * @param prefix of the application's tables
     * @param whole true to keep everything of an entry, for {@link #fields} and {@link #properties}
     */
    public DavStore(DavKind kind, String prefix, DavQuery query, boolean whole) throws IOException {
        this.kind = kind;
        this.collectionTable = kind.collections(prefix);
        this.propertyTable = kind.properties(prefix);
        this.whole = whole;
        this.query = query;
        this.folder = OwnedFolder.create(Path.of(System.getProperty("java.io.tmpdir")), "bpipe-extract-");
        this.file = Files.createFile(folder.resolve("entries"));
        try {
            connection = SqliteFile.open(file, Duration.ZERO);
            SqliteFile.execute(connection, "PRAGMA journal_mode = OFF");
            SqliteFile.execute(connection, "CREATE TABLE c (id PRIMARY KEY, user, name, uri, deleted)");
            SqliteFile.execute(connection, "CREATE TABLE e (collection, uri, uid, deleted, data, id, md5)");
            SqliteFile.execute(connection, "CREATE TABLE f (owner, part, name, literal)");
            SqliteFile.execute(connection, "BEGIN");
            addCollection = connection.prepareStatement("INSERT INTO c VALUES (?, ?, ?, ?, ?)");
            addEntry = connection.prepareStatement("INSERT INTO e VALUES (?, ?, ?, ?, ?, ?, ?)");
            addField = connection.prepareStatement("INSERT INTO f VALUES (?, ?, ?, ?)");
        } catch (SQLException e) {
            folder.close();
            throw failure(e);
        }
    }

    @Override
    public void table(Table next) {
        table = next;
    }

    @Override
    public void row(Row row) throws IOException {
        try {
            if (table.asked().equals(collectionTable)) {
                collection(row);
            } else if (table.asked().equals(propertyTable)) {
                keep(text(row, kind.propertyKey()), ++properties, row);
            } else {
                entry(row);
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** Hands on what matches, once the stream has proven whole. */
    public void read(Taker taker) throws IOException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT c.user, c.name, c.uri, c.deleted, e.uri, e.uid, e.data, e.deleted, e.id, e.md5 FROM e JOIN c ON c.id ="
                                + " e.collection ORDER BY c.user, c.uri, e.uri")) {
            while (rows.next()) {
                DavCollection collection =
                        new DavCollection(rows.getString(1), rows.getString(2), rows.getString(3), rows.getBoolean(4));
                if (query.matches(collection)) {
                    taker.take(new DavEntry(
                            collection,
                            rows.getString(5),
                            rows.getString(6),
                            rows.getString(7),
                            rows.getString(9),
                            rows.getString(10),
                            rows.getBoolean(8) || collection.deleted()));
                }
            }
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** All columns of an entry, by their names, each as the stream's engine writes it in SQL. */
    public Map<String, String> fields(DavEntry entry) throws IOException {
        return parts(entry, "= 0").stream().findFirst().orElse(Map.of());
    }

    /** The rows of its properties, likewise. */
    public List<Map<String, String>> properties(DavEntry entry) throws IOException {
        return parts(entry, "> 0");
    }

    private List<Map<String, String>> parts(DavEntry entry, String which) throws IOException {
        SortedMap<Long, Map<String, String>> parts = new TreeMap<>();
        try (PreparedStatement statement =
                connection.prepareStatement("SELECT part, name, literal FROM f WHERE owner = ? AND part " + which)) {
            statement.setString(1, entry.id());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    parts.computeIfAbsent(rows.getLong(1), part -> new LinkedHashMap<>())
                            .put(rows.getString(2), rows.getString(3));
                }
            }
        } catch (SQLException e) {
            throw failure(e);
        }
        return List.copyOf(parts.values());
    }

    @Override
    public void close() throws IOException {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(e);
        } finally {
            folder.close();
        }
    }

    private void collection(Row row) throws SQLException, IOException {
        String principal = text(row, "principaluri");
        addCollection.setString(1, text(row, "id"));
        addCollection.setString(2, DavCollection.userOf(principal));
        addCollection.setString(3, text(row, "displayname"));
        addCollection.setString(4, text(row, "uri"));
        addCollection.setBoolean(5, text(row, "deleted_at") != null);
        addCollection.execute();
    }

    private void entry(Row row) throws SQLException, IOException {
        String type = text(row, "calendartype");
        String data = text(row, kind.dataColumn);
        // other types belong to subscriptions, which have ids of their own
        if (data == null || (type != null && !type.equals("0"))) {
            return;
        }
        String stored = text(row, "uid");
        String uid = stored != null ? stored : ContentLines.value(ContentLines.unfold(data), "UID");
        if (query.matches(uid, data)) {
            addEntry.setString(1, text(row, kind.collectionColumn));
            addEntry.setString(2, text(row, "uri"));
            addEntry.setString(3, uid);
            addEntry.setBoolean(4, text(row, "deleted_at") != null);
            addEntry.setString(5, data);
            String id = text(row, "id");
            addEntry.setString(6, id);
            addEntry.setString(7, whole ? md5(row.value(table.index(kind.dataColumn))) : null);
            addEntry.execute();
            if (whole) {
                keep(id, 0, row);
            }
        }
    }

    private void keep(String owner, long part, Row row) throws SQLException, IOException {
        for (int i = 0; i < table.columns().size(); i++) {
            addField.setString(1, owner);
            addField.setLong(2, part);
            addField.setString(3, table.columns().get(i).name());
            addField.setString(4, new String(row.literal(i), StandardCharsets.UTF_8));
            addField.execute();
        }
    }

    private static String md5(byte[] data) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(data));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }

    /** Null for NULL, and where this version of the application has no such column. */
    private String text(Row row, String column) throws IOException {
        int index = table.index(column);
        return index < 0 || row.isNull(index) ? null : new String(row.value(index), StandardCharsets.UTF_8);
    }

    private Failure failure(SQLException e) {
        return SqliteFile.failure(file, e, ExitCode.SPACE);
    }
}
