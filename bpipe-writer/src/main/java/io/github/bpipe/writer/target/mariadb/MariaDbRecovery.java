package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbUnfinished;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import io.github.bpipe.writer.target.mariadb.MariaDbJournal.Role;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.Origin;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Brings a database into a decided state after a run that ended anywhere: a switch whose rename happened is completed,
 * one whose rename did not happen is undone, and what a dead run staged is removed. Needs the database's lock, and can
 * itself be repeated.
 */
final class MariaDbRecovery {
    /** What was found and done. */
    enum Outcome {
        NOTHING,
        /** A staged copy was removed, or what was to be put back is again the former database. */
        UNDONE,
        /** The switch had happened and is complete now. */
        COMPLETED
    }

    private final MariaDbServer server;
    private final MariaDbNames names;
    private final SqlSession keeper;
    private final MariaDbCatalog catalog;

    private final List<String> warnings;

    /** @param warnings gets the grants that a completed switch was refused */
    MariaDbRecovery(MariaDbServer server, List<String> warnings) {
        this.warnings = warnings;
        this.server = server;
        this.names = server.names();
        this.keeper = server.keeper();
        this.catalog = new MariaDbCatalog(keeper);
    }

    Outcome run() throws IOException {
        server.endSurvivors();
        for (String destination : List.of(names.former(), names.replaced())) {
            MariaDbMarker marker = MariaDbMarker.read(keeper, destination);
            if (marker != null && marker.state() == State.SWITCHING) {
                new MariaDbCompletion(server, destination, warnings, step -> {}).all();
                return Outcome.COMPLETED;
            }
            if (marker != null && marker.state() == State.RETURNING) {
                settleFormer();
                return Outcome.UNDONE;
            }
            if (marker != null && destination.equals(names.replaced())) {
                drop(destination);
            }
        }
        return staged();
    }

    private Outcome staged() throws IOException {
        MariaDbMarker marker = MariaDbMarker.read(keeper, names.staged());
        if (marker == null) {
            dropEmpty(names.staged());
            dropEmpty(names.former());
            dropEmpty(names.replaced());
            return Outcome.NOTHING;
        }
        if (marker.state() == State.SWITCHING) {
            restoreLive();
        }
        if (marker.origin() == Origin.FORMER) {
            giveBack(marker);
        } else {
            if (catalog.hasTable(names.staged(), MariaDbJournal.TABLE)) {
                new MariaDbAccounts(server, new MariaDbJournal(keeper, names.staged())).remove();
            }
            drop(names.staged());
        }
        dropEmpty(names.former());
        dropEmpty(names.replaced());
        return Outcome.UNDONE;
    }

    /** Triggers and views that the interrupted switch took from the live database. */
    void restoreLive() throws IOException {
        MariaDbJournal journal = new MariaDbJournal(keeper, names.staged());
        if (journal.read(Role.LEAVING, Part.DATABASE).length == 0) {
            // there was no live database; what stands there can only be the empty one that was made for the switch
            if (catalog.exists(names.live())) {
                keeper.execute(MariaDbUnfinished.clear(names.live()));
                dropEmpty(names.live());
            }
            return;
        }
        byte[] triggers = journal.read(Role.LEAVING, Part.TRIGGERS);
        MariaDbScope scope = MariaDbScope.of(keeper, names);
        byte[] there = new MariaDbDefinitions(server, new MariaDbEvents(), scope::leaves)
                .readable(Part.TRIGGERS, names.live(), new ArrayList<>());
        if (!Arrays.equals(triggers, there)) {
            restoreTriggers(triggers, scope);
        }
        byte[] views = journal.read(Role.LEAVING, Part.VIEWS);
        if (views.length > 0 && mayLackViews()) {
            MariaDbCompletion.run(server, views);
        }
        keeper.execute(MariaDbUnfinished.clear(names.live()));
    }

    /** Those that are missing, and those that sessions have created which waited for a rename that failed. */
    private void restoreTriggers(byte[] triggers, MariaDbScope scope) throws IOException {
        Map<String, List<String>> former = MariaDbTriggerScript.byTable(triggers);
        // a table that the server could not read may have been dropped since
        former.keySet().retainAll(catalog.moving(names.live()));
        Set<String> belonging = former.values().stream().flatMap(List::stream).collect(Collectors.toSet());
        for (Map.Entry<String, List<String>> table :
                catalog.triggersByTable(names.live()).entrySet()) {
            for (String trigger : scope.leaves(table.getKey()) ? table.getValue() : List.<String>of()) {
                if (!belonging.contains(trigger)) {
                    keeper.execute("DROP TRIGGER IF EXISTS " + MariaDbCatalog.qualified(names.live(), trigger));
                }
            }
        }
        MariaDbAttach.runAlone(server, former, triggers);
        if (MariaDbCompletion.changesCollation(triggers)) {
            MariaDbCompletion.replaceTriggers(server, triggers);
        }
    }

    /** Views are dropped before the rename only where a staged table needs their name. */
    private boolean mayLackViews() throws IOException {
        List<String> live = catalog.tables(names.live()).stream()
                .map(MariaDbCatalog.Item::name)
                .toList();
        List<String> staged = new ArrayList<>(catalog.moving(names.staged()));
        staged.removeAll(live);
        staged.removeAll(List.of(MariaDbMarker.TABLE, MariaDbJournal.TABLE));
        return !staged.isEmpty();
    }

    /** Moves what was to be put back to the former schema again. */
    private void giveBack(MariaDbMarker marker) throws IOException {
        if (marker.state() == State.SWITCHING) {
            keeper.execute("START TRANSACTION");
            for (String statement : new MariaDbJournal(keeper, names.staged()).turnBack()) {
                keeper.execute(statement);
            }
            keeper.execute(MariaDbMarker.advance(names.staged(), State.RETURNING));
            keeper.execute("COMMIT");
        }
        MariaDbFormer.moveAll(server, names.staged(), names.former());
        settleFormer();
    }

    private void settleFormer() throws IOException {
        MariaDbSequences sequences = new MariaDbSequences(keeper);
        sequences.point(names.former(), names.staged(), names.former());
        sequences.point(names.former(), names.live(), names.former());
        dropEmpty(names.staged());
        keeper.execute(MariaDbMarker.advance(names.former(), State.COMPLETE));
    }

    private void drop(String schema) throws IOException {
        keeper.execute("DROP DATABASE " + MariaDbClients.identifier(schema));
    }

    /** A name alone proves nothing, but a schema without anything in it is worth nothing either. */
    private void dropEmpty(String schema) throws IOException {
        if (!catalog.exists(schema)) {
            return;
        }
        if (catalog.all(schema).isEmpty()) {
            drop(schema);
        } else if (schema.equals(names.staged())) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the database " + schema + " is not one of bpipe-writer's, but has the name that it needs",
                    "rename or drop it");
        }
    }
}
