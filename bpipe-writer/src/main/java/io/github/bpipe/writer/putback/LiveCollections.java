package io.github.bpipe.writer.putback;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.pick.nextcloud.DavCollection;
import io.github.bpipe.writer.pick.nextcloud.DavKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The calendars or address books that are live: found by their user and the name in their address. */
final class LiveCollections {
    private final LiveSession session;
    private final String table;
    private final Map<String, String> ids = new HashMap<>();
    private final Map<String, List<String>> names = new HashMap<>();

    /** Reads all of them; those in the trash bin do not count. */
    LiveCollections(LiveSession session, DavKind kind, String prefix) throws IOException {
        this.session = session;
        this.table = session.identifier(kind.collections(prefix));
        boolean trash = session.columns(kind.collections(prefix)).contains("deleted_at");
        for (List<String> row : session.query("SELECT id, principaluri, uri, displayname FROM " + table
                + (trash ? " WHERE deleted_at IS NULL" : "") + " ORDER BY id")) {
            DavCollection live = new DavCollection(DavCollection.userOf(row.get(1)), row.get(3), row.get(2), false);
            ids.put(key(live), row.get(0));
            names.computeIfAbsent(live.user(), user -> new ArrayList<>()).add(live.name() + " (" + live.uri() + ")");
        }
    }

    /** The id of the same one, whose row nobody else can change until the end. */
    String lock(DavCollection wanted) throws IOException {
        String id = ids.get(key(wanted));
        if (id == null) {
            List<String> there = names.get(wanted.user());
            throw new Failure(
                    ExitCode.TARGET,
                    "there is no " + wanted.name() + " (" + wanted.uri() + ") of " + wanted.user() + " any more",
                    there == null
                            ? "make it, under that name in its address; nothing of that user is there"
                            : "make it, under that name in its address, or take the entries as a file and import them; of "
                                    + wanted.user() + " there is " + String.join(", ", there));
        }
        session.query("SELECT synctoken FROM " + table + " WHERE id = " + id + session.forUpdate());
        return id;
    }

    private static String key(DavCollection collection) {
        return collection.user() + "\0" + collection.uri();
    }
}
