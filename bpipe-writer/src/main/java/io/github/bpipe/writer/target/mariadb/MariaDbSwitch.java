package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbUnfinished;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import io.github.bpipe.writer.target.mariadb.MariaDbJournal.Role;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.Origin;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.State;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Puts the staged tables in the place of the live ones by one {@code RENAME TABLE}, which the server does as a whole or
 * not at all.
 *
 * <p>A table with triggers cannot change schema, and no client may meet a staged one without its triggers. So one
 * session holds every live table ({@code LOCK TABLES}), a second queues the rename behind it, and the first drops the
 * triggers and lets go. The rename now gets the live tables and then waits at a gate: a staged table that a third session
 * holds, which the server locks last because its schema sorts last. Behind the rename the sessions queue that are to
 * create the triggers, one at each table that has some; then the gate opens, and they get in before anybody else.
 */
final class MariaDbSwitch {
    private final MariaDbServer server;
    private final MariaDbNames names;
    private final SqlSession keeper;
    private final MariaDbCatalog catalog;
    private final MariaDbJournal journal;
    private final String destination;
    private final Duration patience;
    private final List<String> warnings;
    private final MariaDbStep.Listener steps;

    /**
     * @param destination schema that the live tables go to
     * @param patience for how long clients that hold the live tables are waited for
     * @param warnings gets what of the live database could not be read, and so not be kept
     */
    MariaDbSwitch(
            MariaDbServer server,
            String destination,
            Duration patience,
            List<String> warnings,
            MariaDbStep.Listener steps) {
        this.warnings = warnings;
        this.server = server;
        this.names = server.names();
        this.keeper = server.keeper();
        this.catalog = new MariaDbCatalog(keeper);
        this.journal = new MariaDbJournal(keeper, names.staged());
        this.destination = destination;
        this.patience = patience;
        this.steps = steps;
    }

    /**
     * Switches; after a failure {@link MariaDbRecovery} has to decide what stands.
     *
     * @param definitions of the staged copy
     * @return for how long the live tables could not be used
     */
    Duration run(Origin origin, MariaDbDefinitions definitions) throws IOException {
        new MariaDbTriggerFiles(server).repair();
        MariaDbScope scope = MariaDbScope.of(keeper, names);
        writeJournal(origin, definitions, scope);
        byte[] triggers = journal.read(Role.COMING, Part.TRIGGERS);
        MariaDbUnreadable unreadable = new MariaDbUnreadable(server, destination, scope, warnings);
        Duration unusable;
        try {
            unusable = move(triggers, scope, unreadable);
        } catch (Failure e) {
            unusable = moveWithoutDamaged(triggers, scope, unreadable, e);
        }
        MariaDbCompletion completion = new MariaDbCompletion(server, destination, warnings, steps);
        completion.afterTriggers();
        return unusable;
    }

    /** Once more, after the server has refused the rename because of tables that it cannot move. */
    private Duration moveWithoutDamaged(
            byte[] triggers, MariaDbScope scope, MariaDbUnreadable unreadable, Failure refused) throws IOException {
        MariaDbUnreadable.requireOfTable(refused);
        if (MariaDbMarker.read(keeper, names.staged()) == null) {
            // it was not the rename
            throw refused;
        }
        server.endSurvivors();
        new MariaDbRecovery(server, warnings).restoreLive();
        if (!unreadable.dropUnmovable()) {
            throw refused;
        }
        return move(triggers, scope, unreadable);
    }

    private void writeJournal(Origin origin, MariaDbDefinitions definitions, MariaDbScope scope) throws IOException {
        server.requireLock();
        keeper.execute("START TRANSACTION");
        if (origin == Origin.FORMER) {
            for (String statement : journal.turn()) {
                keeper.execute(statement);
            }
        } else {
            for (Part part : scope.parts()) {
                journal.write(Role.COMING, part, definitions.script(part, names.staged(), names.live()));
            }
        }
        MariaDbDefinitions leaving = new MariaDbDefinitions(server, new MariaDbEvents(), scope::leaves);
        for (Part part : scope.parts()) {
            journal.write(Role.LEAVING, part, leaving.readable(part, names.live(), warnings));
        }
        if (origin == Origin.FORMER) {
            byte[] triggers = journal.read(Role.COMING, Part.TRIGGERS);
            journal.write(
                    Role.COMING,
                    Part.TRIGGERS,
                    MariaDbTriggerScript.of(triggers, catalog.moving(names.staged()), names.live()));
        }
        if (scope.tablesOnly()) {
            journal.write(Role.COMING, Part.DATABASE, journal.read(Role.LEAVING, Part.DATABASE));
        } else {
            writeGrants(origin);
        }
        keeper.execute("COMMIT");
        steps.reached(MariaDbStep.JOURNAL_WRITTEN);
        keeper.execute(MariaDbMarker.advance(names.staged(), State.SWITCHING));
        steps.reached(MariaDbStep.SWITCHING);
    }

    private void writeGrants(Origin origin) throws IOException {
        MariaDbGrants grants = new MariaDbGrants(server);
        if (origin == Origin.FORMER) {
            List<String> kept = journal.readList(Role.COMING, Part.GRANTS);
            journal.writeList(Role.COMING, Part.GRANTS, grants.ofMissing(kept));
        }
        journal.writeList(Role.LEAVING, Part.GRANTS, grants.ofRoutines());
    }

    /** Whatever stands in the way of the rename, and can be brought back from the journal. */
    private void makeRoom(byte[] triggers, MariaDbScope scope, MariaDbUnreadable unreadable) throws IOException {
        if (!catalog.exists(names.live())) {
            keeper.execute("CREATE DATABASE " + identifier(names.live()));
            runDatabaseScript(Role.COMING);
        }
        keeper.execute(MariaDbUnfinished.mark(names.live()));
        keeper.execute("CREATE DATABASE IF NOT EXISTS " + identifier(destination));
        new MariaDbSequences(keeper).point(names.staged(), names.staged(), names.live());
        for (MariaDbCatalog.Item trigger : catalog.triggers(names.staged())) {
            keeper.execute(MariaDbCatalog.drop(names.staged(), trigger));
        }
        Set<String> coming = new HashSet<>(scope.coming());
        unreadable.dropOrphans();
        for (MariaDbCatalog.Item item : catalog.tables(names.live())) {
            if (!item.moves() && coming.contains(item.name())) {
                keeper.execute(MariaDbCatalog.drop(names.live(), item));
            }
        }
        new MariaDbTriggerFiles(server).free(MariaDbTriggerScript.names(triggers), unreadable);
    }

    private void runDatabaseScript(Role role) throws IOException {
        String script = new String(journal.read(role, Part.DATABASE), java.nio.charset.StandardCharsets.UTF_8);
        if (!script.isEmpty()) {
            keeper.execute(script);
        }
    }

    private Duration move(byte[] triggers, MariaDbScope scope, MariaDbUnreadable unreadable) throws IOException {
        makeRoom(triggers, scope, unreadable);
        try (SqlSession gate = server.helper(".gate");
                MariaDbHold hold = new MariaDbHold(server, scope, patience, unreadable)) {
            return move(triggers, scope, gate, hold);
        }
    }

    private Duration move(byte[] triggers, MariaDbScope scope, SqlSession gate, MariaDbHold hold) throws IOException {
        gate.execute("LOCK TABLES " + MariaDbCatalog.qualified(names.staged(), MariaDbMarker.TABLE) + " WRITE");
        List<String> leaving = hold.take();
        steps.reached(MariaDbStep.TABLES_HELD);
        MariaDbQueued rename = MariaDbQueued.start(server, rename(leaving, scope.coming()));
        steps.reached(MariaDbStep.RENAME_QUEUED);
        hold.dropTriggers();
        steps.reached(MariaDbStep.TRIGGERS_DROPPED);
        hold.release();
        if (!leaving.isEmpty()) {
            // the rename asks for its tables one by one, in this order
            rename.awaitAsked(server, MariaDbCatalog.qualified(names.live(), leaving.get(leaving.size() - 1)));
        }
        MariaDbAttach attach = MariaDbAttach.queue(server, triggers);
        steps.reached(MariaDbStep.ATTACH_QUEUED);
        gate.execute("UNLOCK TABLES");
        gate.close();
        rename.await();
        steps.reached(MariaDbStep.RENAMED);
        attach.await();
        Duration unusable = Duration.between(hold.since(), Instant.now());
        steps.reached(MariaDbStep.TRIGGERS_CREATED);
        return unusable;
    }

    private String rename(List<String> leaving, List<String> coming) throws Failure {
        List<String> pairs = new ArrayList<>();
        leaving.forEach(table -> pairs.add(pair(names.live(), destination, table)));
        coming.forEach(table -> pairs.add(pair(names.staged(), names.live(), table)));
        pairs.add(pair(names.staged(), destination, MariaDbMarker.TABLE));
        pairs.add(pair(names.staged(), destination, MariaDbJournal.TABLE));
        if (leaving.contains(MariaDbMarker.TABLE)) {
            throw new Failure(
                    ExitCode.SWITCH_FAILED,
                    names.live() + " holds a table " + MariaDbMarker.TABLE,
                    "it looks like a staged or former copy itself; drop that table if it is not");
        }
        return "RENAME TABLE " + String.join(", ", pairs);
    }

    /** One table's part of a {@code RENAME TABLE}. */
    static String pair(String from, String to, String table) {
        return pair(from, to, table, table);
    }

    /** The same for a table that also gets another name. */
    static String pair(String from, String to, String table, String name) {
        return MariaDbCatalog.qualified(from, table) + " TO " + MariaDbCatalog.qualified(to, name);
    }

    private static String identifier(String name) {
        return io.github.bpipe.core.engine.MariaDbClients.identifier(name);
    }
}
