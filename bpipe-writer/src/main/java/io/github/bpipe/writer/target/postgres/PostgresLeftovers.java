package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.PostgresMarker.Role;
import io.github.bpipe.writer.target.postgres.PostgresServer.Database;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What dead runs left for one live database. Who holds the lock of that database knows that their writers are dead.
 */
final class PostgresLeftovers {
    /**
     * The connection limit that a staged database is created with, since the comment can be set only afterwards: so one
     * that was left between the two is known too. (The letters BPP1.)
     */
    static final int UNMARKED_LIMIT = 0x42505031;

    private PostgresLeftovers() {}

    /** True for a staged or doomed database of that live one; never by its name alone. */
    static boolean isLeftover(Database database, PostgresNames names) {
        return database.is(Role.STAGED, names.live())
                || database.is(Role.DOOMED, names.live())
                || (database.name().equals(names.staged())
                        && (database.limit() == UNMARKED_LIMIT || database.invalid())
                        && database.comment() == null);
    }

    /** All of them; while a writer works, its own staged database too. */
    static List<Database> of(PostgresServer server, PostgresNames names) throws IOException {
        return server.databases().stream()
                .filter(database -> isLeftover(database, names))
                .toList();
    }

    /**
     * Drops them; the lock must be held.
     *
     * @return their names
     */
    static List<String> remove(PostgresServer server, PostgresNames names) throws IOException {
        List<String> removed = new ArrayList<>();
        for (Database leftover : of(server, names)) {
            server.drop(leftover);
            removed.add(leftover.name());
        }
        return removed;
    }
}
