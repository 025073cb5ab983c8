package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/**
 * MariaDB keeps a trigger in two files, {@code TABLE.TRG} with its text and {@code TRIGGER.TRN} with the name of the
 * table. Where the second one is lost or damaged the trigger works and cannot be dropped; where it is left over nothing
 * lists it, and no trigger of that name can be created.
 */
final class MariaDbTriggerFiles {
    private final MariaDbServer server;
    private final String live;

    MariaDbTriggerFiles(MariaDbServer server) {
        this.server = server;
        this.live = server.names().live();
    }

    /** Makes every listed trigger of the live database one that can be dropped, by writing it anew as it is. */
    void repair() throws IOException {
        if (server.engine() != Engine.MARIADB) {
            return;
        }
        List<String> listed = names();
        for (String trigger : refused(listed, "SHOW CREATE TRIGGER ")) {
            recreate(trigger);
        }
    }

    /**
     * Frees the names of triggers that are to come.
     *
     * @throws Failure where the server itself cannot, naming the file
     */
    void free(Set<String> coming) throws IOException {
        if (server.engine() != Engine.MARIADB) {
            return;
        }
        List<String> unlisted = new ArrayList<>(coming);
        unlisted.removeAll(names());
        List<String> stuck = refused(unlisted, "DROP TRIGGER IF EXISTS ");
        if (!stuck.isEmpty()) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the server cannot create the trigger " + stuck.get(0) + " in " + live
                            + ": a damaged file of an earlier trigger of that name is left",
                    "remove the file " + stuck.get(0) + ".TRN from the server's folder of that database, then restore"
                            + " again");
        }
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

    private void recreate(String trigger) throws IOException {
        List<String> row = server.keeper()
                .query("SELECT ACTION_TIMING, EVENT_MANIPULATION, EVENT_OBJECT_TABLE, DEFINER, SQL_MODE,"
                        + " ACTION_STATEMENT FROM information_schema.TRIGGERS WHERE "
                        + MariaDbCatalog.is("TRIGGER_SCHEMA", live) + " AND "
                        + MariaDbCatalog.is("TRIGGER_NAME", trigger))
                .get(0);
        int at = row.get(3).lastIndexOf('@');
        String definer = MariaDbClients.identifier(row.get(3).substring(0, at)) + "@"
                + MariaDbClients.identifier(row.get(3).substring(at + 1));
        String delimiter = UUID.randomUUID().toString();
        server.run(
                live,
                "SET SESSION sql_mode = " + MariaDbClients.literal(row.get(4)) + ";\nDELIMITER " + delimiter
                        + "\nCREATE OR REPLACE DEFINER = " + definer + " TRIGGER " + MariaDbClients.identifier(trigger)
                        + " " + row.get(0) + " " + row.get(1) + " ON " + MariaDbClients.identifier(row.get(2))
                        + " FOR EACH ROW " + row.get(5) + "\n" + delimiter + "\n");
    }
}
