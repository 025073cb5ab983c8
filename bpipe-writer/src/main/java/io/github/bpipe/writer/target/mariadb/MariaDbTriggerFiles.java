package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MariaDB keeps a trigger in two files, {@code TABLE.TRG} with its text and {@code TRIGGER.TRN} with the name of the
 * table. Where the second one is lost or damaged the trigger works and cannot be dropped; where it is left over nothing
 * lists it, and no trigger of that name can be created.
 */
final class MariaDbTriggerFiles {
    /** Nobody sees it, since a rename there and back is one step. */
    private static final String MEANWHILE = "__bpipe_repair";

    private final MariaDbServer server;
    private final String live;

    MariaDbTriggerFiles(MariaDbServer server) {
        this.server = server;
        this.live = server.names().live();
    }

    /**
     * Makes every listed trigger of the live database one that can be dropped: a table that gets another name has the
     * files of its triggers written anew, whatever stood in them.
     */
    void repair() throws IOException {
        if (server.engine() != Engine.MARIADB) {
            return;
        }
        List<String> damaged = refused(names(), "SHOW CREATE TRIGGER ");
        for (Map.Entry<String, List<String>> table :
                new MariaDbCatalog(server.keeper()).triggersByTable(live).entrySet()) {
            if (!Collections.disjoint(table.getValue(), damaged)) {
                server.keeper()
                        .execute("RENAME TABLE " + MariaDbSwitch.pair(live, live, table.getKey(), MEANWHILE) + ", "
                                + MariaDbSwitch.pair(live, live, MEANWHILE, table.getKey()));
            }
        }
    }

    /**
     * Frees the names of triggers that are to come.
     *
     * @param unreadable drops damaged tables, whose triggers cannot be dropped without them
     * @throws Failure where the server itself cannot, naming the file
     */
    void free(Set<String> coming, MariaDbUnreadable unreadable) throws IOException {
        if (server.engine() != Engine.MARIADB) {
            return;
        }
        List<String> stuck = stuck(coming);
        if (!stuck.isEmpty() && unreadable.drop()) {
            stuck = stuck(coming);
        }
        if (!stuck.isEmpty()) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the server cannot create the trigger " + stuck.get(0) + " in " + live
                            + ": a damaged file of an earlier trigger of that name is left",
                    "remove the file " + stuck.get(0) + ".TRN from the server's folder of that database, then restore"
                            + " again");
        }
    }

    private List<String> stuck(Set<String> coming) throws IOException {
        List<String> unlisted = new ArrayList<>(coming);
        unlisted.removeAll(names());
        return refused(unlisted, "DROP TRIGGER IF EXISTS ");
    }

    private List<String> names() throws IOException {
        return new MariaDbCatalog(server.keeper())
                .triggers(live).stream().map(MariaDbCatalog.Item::name).toList();
    }

    /** Those triggers for which the server refuses a statement; all in one session, as long as nothing is wrong. */
    private List<String> refused(List<String> triggers, String statement) throws IOException {
        List<String> refused = new ArrayList<>();
        int next = 0;
        while (next < triggers.size()) {
            try (SqlSession session = server.session()) {
                for (; next < triggers.size(); next++) {
                    session.execute(statement + MariaDbCatalog.qualified(live, triggers.get(next)));
                }
            } catch (Failure e) {
                MariaDbUnreadable.requireOfTable(e);
                refused.add(triggers.get(next++));
            }
        }
        return refused;
    }
}
