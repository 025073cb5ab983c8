package io.github.bpipe.writer.putback;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.pick.nextcloud.DavEntry;
import io.github.bpipe.writer.pick.nextcloud.DavKind;
import io.github.bpipe.writer.pick.nextcloud.DavStore;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Puts entries into the live application in one transaction, as {@code CalDavBackend} and {@code CardDavBackend} of
 * Nextcloud's app dav do it: the etag is the MD5 of the data, and every change is noted under the collection's present
 * sync token, which then goes up by one, so that clients fetch what has changed.
 */
public final class PutBack implements Closeable {
    private static final int ADDED = 1;
    private static final int MODIFIED = 2;
    private static final String DELETED = "-deleted";

    private final DavKind kind;
    private final LiveSession session;
    private final boolean replace;
    private final Names names;
    private final LiveCollections collections;
    private int added;
    private int replaced;

    /** Tables of the live application, and their columns; there are none where it has no such table. */
    private record Names(
            String entries,
            Set<String> entryColumns,
            String properties,
            Set<String> propertyColumns,
            String changes,
            Set<String> changeColumns,
            String collections) {}

    /**
     * Begins the transaction.
     *
     * @param engine of the stream, which must be that of the live database too
     * @param prefix of the application's tables
     * @param replace true to replace entries that are there
     */
    public PutBack(Engine engine, Connection connection, String database, DavKind kind, String prefix, boolean replace)
            throws IOException {
        this.kind = kind;
        this.replace = replace;
        this.session = LiveSession.open(engine, connection, database);
        try {
            this.names = names(prefix);
            this.collections = new LiveCollections(session, kind, prefix);
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    /** How many entries were not there before. */
    public int added() {
        return added;
    }

    /** How many entries took the place of others. */
    public int replaced() {
        return replaced;
    }

    /** Puts an entry back. */
    public void put(DavStore store, DavEntry entry) throws IOException {
        String collection = collections.lock(entry.collection());
        String alive = null;
        String uri = uriOf(entry);
        for (List<String> row : same(collection, entry)) {
            if (row.get(2).equals("1")) {
                // what is in the trash bin goes, as when somebody stores that entry anew
                delete(row.get(0));
            } else {
                alive = row.get(0);
                uri = row.get(1);
            }
        }
        if (alive != null && !replace) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the entry " + entry.uid() + " stands in "
                            + entry.collection().name() + " of "
                            + entry.collection().user() + " as it is",
                    "give --replace to put that of the backup in its place, or --uid for others; nothing was changed");
        }
        if (alive == null && !isFree(collection, uri)) {
            uri = UUID.randomUUID() + kind.extension();
        }
        Map<String, String> row = row(store, entry, collection, uri);
        String id = alive;
        if (alive == null) {
            insert(names.entries(), row);
            id = idOf(collection, uri);
            added++;
        } else {
            session.execute("UPDATE " + session.identifier(names.entries()) + " SET "
                    + row.entrySet().stream()
                            .map(column -> session.identifier(column.getKey()) + " = " + column.getValue())
                            .collect(Collectors.joining(", "))
                    + " WHERE id = " + alive);
            replaced++;
        }
        properties(store, entry, collection, id);
        change(collection, uri, alive == null ? ADDED : MODIFIED);
    }

    /** Ends the transaction: now everybody sees the entries. */
    public void commit() throws IOException {
        session.commit();
    }

    @Override
    public void close() throws IOException {
        session.close();
    }

    private Names names(String prefix) throws IOException {
        Names found = new Names(
                kind.entries(prefix),
                session.columns(kind.entries(prefix)),
                kind.properties(prefix),
                session.columns(kind.properties(prefix)),
                kind.changes(prefix),
                session.columns(kind.changes(prefix)),
                kind.collections(prefix));
        if (found.entryColumns().isEmpty() || found.changeColumns().isEmpty()) {
            throw new Failure(
                    ExitCode.NO_DATABASE,
                    "the live database has no table " + found.entries() + " or " + found.changes(),
                    "correct the prefix of its tables: application.tablePrefix in the profile, or --table-prefix");
        }
        return found;
    }

    /** Id, name and 1 for the trash bin of the entries that are the same one. */
    private List<List<String>> same(String collection, DavEntry entry) throws IOException {
        boolean byUid = names.entryColumns().contains("uid") && entry.uid() != null;
        boolean trash = names.entryColumns().contains("deleted_at");
        return session.query("SELECT id, uri, " + (trash ? "CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END" : "0")
                + " FROM " + session.identifier(names.entries()) + where(collection)
                + (byUid
                        ? " AND uid = " + session.literal(entry.uid())
                        : " AND uri = " + session.literal(uriOf(entry))));
    }

    private boolean isFree(String collection, String uri) throws IOException {
        return session.query("SELECT id FROM " + session.identifier(names.entries()) + where(collection) + " AND uri = "
                        + session.literal(uri))
                .isEmpty();
    }

    private String idOf(String collection, String uri) throws IOException {
        return session.query("SELECT id FROM " + session.identifier(names.entries()) + where(collection) + " AND uri = "
                        + session.literal(uri))
                .get(0)
                .get(0);
    }

    /** Entries of subscriptions have another type and numbers of their own. */
    private String where(String collection) {
        return " WHERE " + kind.collectionColumn() + " = " + collection
                + (names.entryColumns().contains("calendartype") ? " AND calendartype = 0" : "");
    }

    /** What was computed of the data when it was stored holds for the same data now. */
    private Map<String, String> row(DavStore store, DavEntry entry, String collection, String uri) throws IOException {
        Map<String, String> row = new LinkedHashMap<>(store.fields(entry));
        row.remove("id");
        row.put(kind.collectionColumn(), collection);
        row.put("uri", session.literal(uri));
        row.put("etag", session.literal(entry.md5()));
        row.put("lastmodified", String.valueOf(Instant.now().getEpochSecond()));
        row.put("deleted_at", "NULL");
        if (entry.uid() != null) {
            row.put("uid", session.literal(entry.uid()));
        }
        row.keySet().retainAll(names.entryColumns());
        return row;
    }

    private void delete(String id) throws IOException {
        session.execute("DELETE FROM " + session.identifier(names.entries()) + " WHERE id = " + id);
        deleteProperties(id);
    }

    private void deleteProperties(String id) throws IOException {
        if (!names.propertyColumns().isEmpty()) {
            session.execute("DELETE FROM " + session.identifier(names.properties()) + " WHERE " + kind.propertyKey()
                    + " = " + id + (names.propertyColumns().contains("calendartype") ? " AND calendartype = 0" : ""));
        }
    }

    /** What the application finds entries by, as it had it in the backup. */
    private void properties(DavStore store, DavEntry entry, String collection, String id) throws IOException {
        deleteProperties(id);
        if (names.propertyColumns().isEmpty()) {
            return;
        }
        for (Map<String, String> property : store.properties(entry)) {
            Map<String, String> row = new LinkedHashMap<>(property);
            row.remove("id");
            row.put(kind.collectionColumn(), collection);
            row.put(kind.propertyKey(), id);
            row.keySet().retainAll(names.propertyColumns());
            insert(names.properties(), row);
        }
    }

    private void change(String collection, String uri, int operation) throws IOException {
        String table = session.identifier(names.collections());
        String token = session.query(
                        "SELECT synctoken FROM " + table + " WHERE id = " + collection + session.forUpdate())
                .get(0)
                .get(0);
        Map<String, String> row = new LinkedHashMap<>();
        row.put("uri", session.literal(uri));
        row.put("synctoken", token);
        row.put(kind.collectionColumn(), collection);
        row.put("operation", String.valueOf(operation));
        row.put("calendartype", "0");
        row.put("created_at", String.valueOf(Instant.now().getEpochSecond()));
        row.keySet().retainAll(names.changeColumns());
        insert(names.changes(), row);
        session.execute("UPDATE " + table + " SET synctoken = synctoken + 1 WHERE id = " + collection);
    }

    private void insert(String table, Map<String, String> row) throws IOException {
        session.execute("INSERT INTO " + session.identifier(table) + " ("
                + row.keySet().stream().map(session::identifier).collect(Collectors.joining(", ")) + ") VALUES ("
                + String.join(", ", row.values()) + ")");
    }

    /** As it was before it went into the trash bin, which gives it another name. */
    private String uriOf(DavEntry entry) {
        String suffix = DELETED + kind.extension();
        return entry.uri().endsWith(suffix)
                ? entry.uri().substring(0, entry.uri().length() - suffix.length()) + kind.extension()
                : entry.uri();
    }
}
