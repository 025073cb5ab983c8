package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Tables of the live database that the server can no longer open, as after a lost or damaged file. They can be neither
 * locked nor moved to the former database, and nothing can be read from them: a restore drops them.
 */
final class MariaDbUnreadable {
    private final MariaDbServer server;
    private final String live;

    MariaDbUnreadable(MariaDbServer server) {
        this.server = server;
        this.live = server.names().live();
    }

    /**
     * Drops those that are unreadable.
     *
     * @param warnings gets a sentence for each
     * @return false where there was none
     */
    boolean drop(List<String> tables, List<String> warnings) throws IOException {
        List<String> unreadable = new ArrayList<>();
        for (String table : tables) {
            String reason = failure("SELECT 1 FROM " + MariaDbCatalog.qualified(live, table) + " LIMIT 0");
            if (reason != null) {
                unreadable.add(table);
                warnings.add(
                        "the table " + table + " of the live database could not be read and is not kept: " + reason);
            }
        }
        for (String table : unreadable) {
            try (SqlSession session = server.session()) {
                String drop = "DROP TABLE IF EXISTS " + MariaDbCatalog.qualified(live, table);
                // the first may only remove a damaged definition, the second what InnoDB has of that name
                session.execute("SET SESSION foreign_key_checks = 0; " + drop + "; " + drop);
            }
        }
        return !unreadable.isEmpty();
    }

    /**
     * Drops what InnoDB still has of tables whose definition is lost: nothing lists them, and the rename would fail in
     * its middle. Needs PROCESS; who lacks that is not helped.
     *
     * @param coming names that are about to be used
     */
    void dropOrphans(Set<String> coming) throws IOException {
        List<String> known;
        try (SqlSession session = server.session()) {
            known = session.column(
                    "SELECT CONVERT(CONVERT(CAST(SUBSTRING_INDEX(NAME, '/', -1) AS BINARY) USING filename) USING utf8mb4)"
                            + " FROM information_schema.INNODB_SYS_TABLES WHERE"
                            + " CONVERT(CONVERT(CAST(SUBSTRING_INDEX(NAME, '/', 1) AS BINARY) USING filename)"
                            + " USING utf8mb4) COLLATE utf8mb4_bin = " + MariaDbClients.literal(live));
        } catch (Failure e) {
            return;
        }
        List<String> listed = new MariaDbCatalog(server.keeper())
                .tables(live).stream().map(MariaDbCatalog.Item::name).toList();
        for (String table : known) {
            if (coming.contains(table) && !listed.contains(table)) {
                server.keeper().execute("DROP TABLE IF EXISTS " + MariaDbCatalog.qualified(live, table));
            }
        }
    }

    /** What the server says to a statement, in a session for it alone, since an error ends that; null where it works. */
    private String failure(String sql) throws IOException {
        try (SqlSession session = server.session()) {
            session.execute(sql);
            return null;
        } catch (Failure e) {
            int error = MariaDbClients.errorNumber(e.getMessage());
            if (error == 0 || (error >= 2000 && error < 3000)) {
                throw e;
            }
            return e.getMessage();
        }
    }
}
