package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tables of the live database that the server can no longer open or move, as after a lost or damaged file. They cannot go
 * to the former database: a restore drops them.
 */
final class MariaDbUnreadable {
    private static final String TRIGGER = "__bpipe_repair";

    /** Before a name that the server is to take for that of a file. */
    private static final String AS_IT_IS = "#mysql50#";

    /** Of a table with triggers. */
    private static final int WRONG_SCHEMA = 1435;

    private static final int LOCK_TIMEOUT = 1205;

    /** For a look at a table that is only a guess. */
    private static final int LOCK_SECONDS = 5;

    /** A first one may remove but the data, a second the definition, a third what InnoDB has of that name. */
    private static final int DROPS = 3;

    private final MariaDbServer server;
    private final String live;
    private final String destination;
    private final MariaDbScope scope;
    private final List<String> warnings;
    private final MariaDbCatalog catalog;
    private final Set<String> staying = new HashSet<>();

    /**
     * Looks at nothing yet.
     *
     * @param destination schema that the live tables are to go to
     * @param scope which live tables are to leave, and which names are about to be used
     * @param warnings gets a sentence for each table that is not kept
     */
    MariaDbUnreadable(MariaDbServer server, String destination, MariaDbScope scope, List<String> warnings) {
        this.destination = destination;
        this.server = server;
        this.live = server.names().live();
        this.scope = scope;
        this.warnings = warnings;
        this.catalog = new MariaDbCatalog(server.keeper());
    }

    /** Those that could not even be dropped, and whose names nothing else needs. */
    Set<String> staying() {
        return staying;
    }

    /**
     * Drops those that cannot be opened, and those that cannot be moved.
     *
     * @return false where there was none
     */
    boolean drop() throws IOException {
        boolean unopened = drop(scope.leaving(catalog.moving(live)));
        return dropUnmovable() || unopened;
    }

    /**
     * Drops those that cannot be opened.
     *
     * @return false where there was none
     */
    boolean drop(List<String> tables) throws IOException {
        boolean found = false;
        for (String table : tables) {
            String reason = refusal("SELECT 1 FROM " + MariaDbCatalog.qualified(live, table) + " LIMIT 0");
            if (reason != null) {
                found = true;
                drop(table, reason);
            }
        }
        return found;
    }

    /**
     * Drops those that cannot be moved to another schema although they can be opened, as with a damaged file of
     * triggers. Each is moved there and back for that, in one step.
     *
     * @return false where there was none
     */
    boolean dropUnmovable() throws IOException {
        boolean found = false;
        Set<String> triggered = catalog.triggersByTable(live).keySet();
        for (String table : scope.leaving(catalog.moving(live))) {
            String move = "SET SESSION lock_wait_timeout = " + LOCK_SECONDS + "; RENAME TABLE "
                    + MariaDbSwitch.pair(live, destination, table) + ", "
                    + MariaDbSwitch.pair(destination, live, table);
            String reason = staying.contains(table) ? null : refusal(move);
            int error = reason == null ? 0 : MariaDbClients.errorNumber(reason);
            if (reason == null || (error == WRONG_SCHEMA && triggered.contains(table))) {
                continue;
            }
            found = true;
            if (error != WRONG_SCHEMA || !withoutTriggers(table, move)) {
                drop(table, reason);
            }
        }
        return found;
    }

    /** A file with triggers that cannot be made out is written anew with a trigger, and goes with it. */
    private boolean withoutTriggers(String table, String move) throws IOException {
        String trigger = MariaDbCatalog.qualified(live, TRIGGER);
        return refusal("CREATE OR REPLACE TRIGGER " + trigger + " BEFORE INSERT ON "
                                + MariaDbCatalog.qualified(live, table) + " FOR EACH ROW SET @bpipe = 1")
                        == null
                && refusal("DROP TRIGGER " + trigger) == null
                && refusal(move) == null;
    }

    /**
     * Drops what InnoDB still has of tables whose definition is lost: nothing lists them, and the rename would fail in
     * its middle. Needs PROCESS; who lacks that is not helped.
     */
    void dropOrphans() throws IOException {
        List<List<String>> known;
        try (SqlSession session = server.session()) {
            // a partition stands there as table#P#partition
            known = session.query("SELECT " + plain("SUBSTRING_INDEX(SUBSTRING_INDEX(NAME, '/', -1), '#P#', 1)")
                    + ", SUBSTRING_INDEX(NAME, '/', -1) FROM information_schema.INNODB_SYS_TABLES WHERE "
                    + plain("SUBSTRING_INDEX(NAME, '/', 1)") + " COLLATE utf8mb4_bin = "
                    + MariaDbClients.literal(live));
        } catch (Failure e) {
            return;
        }
        List<String> listed =
                catalog.tables(live).stream().map(MariaDbCatalog.Item::name).toList();
        for (List<String> row : known) {
            String table = row.get(0);
            if (scope.coming().contains(table) && !listed.contains(table)) {
                String name = row.get(1).contains("#P#") ? AS_IT_IS + row.get(1) : table;
                server.keeper().execute("DROP TABLE IF EXISTS " + MariaDbCatalog.qualified(live, name));
            }
        }
    }

    /** The name that a file name stands for. */
    private static String plain(String fileName) {
        return "CONVERT(CONVERT(CAST(" + fileName + " AS BINARY) USING filename) USING utf8mb4)";
    }

    private void drop(String table, String reason) throws IOException {
        String drop =
                "SET SESSION foreign_key_checks = 0; DROP TABLE IF EXISTS " + MariaDbCatalog.qualified(live, table);
        for (int i = 0; i < DROPS; i++) {
            refusal(drop);
        }
        if (!catalog.hasTable(live, table)) {
            dropOrphans();
            warnings.add("the table " + table + " of the live database could not be read and is not kept: " + reason);
            return;
        }
        if (scope.coming().contains(table)) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the server can neither read nor drop the table " + table + " of " + live + ": " + reason,
                    "remove the files of that table from the server's folder of that database, then restore again");
        }
        staying.add(table);
        warnings.add(
                "the table " + table + " of the live database can neither be read nor dropped, and stays: " + reason);
    }

    /** What the server says to a statement, in a session for it alone, since an error ends that; null where it works. */
    private String refusal(String sql) throws IOException {
        try (SqlSession session = server.session()) {
            session.execute(sql);
            return null;
        } catch (Failure e) {
            requireOfTable(e);
            return e.getMessage();
        }
    }

    /** Passes on what is wrong with the connection, the client or a lock, and not with a table. */
    static void requireOfTable(Failure failure) throws Failure {
        int error = MariaDbClients.errorNumber(failure.getMessage());
        if (error == 0 || error == LOCK_TIMEOUT || (error >= 2000 && error < 3000)) {
            throw failure;
        }
    }
}
