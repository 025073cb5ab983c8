package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbUnfinished;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import io.github.bpipe.writer.target.mariadb.MariaDbJournal.Role;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.State;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * What follows the rename; every step can be repeated. What is the same before and after is not touched: in the usual
 * restore no client notices anything of views, routines and events.
 */
final class MariaDbCompletion {
    private final MariaDbServer server;
    private final MariaDbNames names;
    private final SqlSession keeper;
    private final MariaDbCatalog catalog;
    private final MariaDbJournal journal;
    private final String destination;
    private final List<String> warnings;
    private final MariaDbStep.Listener steps;

    /**
     * @param destination schema that the live tables went to, with marker and journal
     * @param warnings gets the grants that were refused
     */
    MariaDbCompletion(MariaDbServer server, String destination, List<String> warnings, MariaDbStep.Listener steps) {
        this.server = server;
        this.names = server.names();
        this.keeper = server.keeper();
        this.catalog = new MariaDbCatalog(keeper);
        this.journal = new MariaDbJournal(keeper, destination);
        this.destination = destination;
        this.warnings = warnings;
        this.steps = steps;
    }

    /** All of it, for a run that ended right after the rename. */
    void all() throws IOException {
        byte[] triggers = journal.read(Role.COMING, Part.TRIGGERS);
        MariaDbAttach.runAlone(server, MariaDbTriggerScript.byTable(triggers), triggers);
        afterTriggers();
    }

    /** The rest, when the triggers stand. */
    void afterTriggers() throws IOException {
        MariaDbSequences sequences = new MariaDbSequences(keeper);
        sequences.point(names.live(), names.staged(), names.live());
        sequences.point(destination, names.live(), destination);
        run(Part.DATABASE);
        byte[] triggers = journal.read(Role.COMING, Part.TRIGGERS);
        if (journal.changes(Part.DATABASE) || changesCollation(triggers)) {
            replaceTriggers(server, triggers);
        }
        if (journal.changes(Part.ROUTINES)) {
            replaceRoutines();
        }
        replace(
                Part.VIEWS,
                catalog.tables(names.live()).stream()
                        .filter(item -> item.kind().equals("view"))
                        .toList());
        steps.reached(MariaDbStep.VIEWS_AND_ROUTINES_CREATED);
        replace(Part.EVENTS, catalog.events(names.live()));
        steps.reached(MariaDbStep.EVENTS_CREATED);
        new MariaDbGrants(server).give(journal, warnings);
        steps.reached(MariaDbStep.GRANTS_GIVEN);
        keeper.execute(MariaDbUnfinished.clear(names.live()));
        // in this order: a repetition does no harm without the staged schema, which nothing else would recognise
        keeper.execute("DROP DATABASE IF EXISTS " + MariaDbClients.identifier(names.staged()));
        keeper.execute(MariaDbMarker.advance(destination, State.COMPLETE));
        steps.reached(MariaDbStep.COMPLETE);
        if (destination.equals(names.replaced())) {
            keeper.execute("DROP DATABASE " + MariaDbClients.identifier(destination));
        }
    }

    /** True for a script of triggers that were made under other collations of the database. */
    static boolean changesCollation(byte[] triggers) {
        return new String(triggers, StandardCharsets.ISO_8859_1).contains("ALTER DATABASE");
    }

    /**
     * Runs a script of triggers once more, without table locks: a trigger remembers the collation that the database had
     * when it was made, and that cannot be set under such locks. Replacing a trigger is one step, so that no client
     * meets a table without it.
     */
    static void replaceTriggers(MariaDbServer server, byte[] triggers) throws IOException {
        if (server.engine() == Engine.MARIADB && triggers.length > 0) {
            run(server, triggers);
        }
    }

    /** Those that stay are replaced by the script in one step each; dropped, they would lose their grants. */
    private void replaceRoutines() throws IOException {
        byte[] script = journal.read(Role.COMING, Part.ROUTINES);
        Set<MariaDbCatalog.Item> coming = MariaDbRoutineScript.routines(script);
        for (MariaDbCatalog.Item item : catalog.routines(names.live())) {
            if (!coming.contains(item)) {
                keeper.execute(MariaDbCatalog.drop(names.live(), item));
            }
        }
        run(Part.ROUTINES);
    }

    private void replace(Part part, List<MariaDbCatalog.Item> old) throws IOException {
        if (!journal.changes(part)) {
            return;
        }
        for (MariaDbCatalog.Item item : old) {
            keeper.execute(MariaDbCatalog.drop(names.live(), item));
        }
        run(part);
    }

    private void run(Part part) throws IOException {
        byte[] script = journal.read(Role.COMING, part);
        if (script.length > 0) {
            run(server, script);
        }
    }

    /** Runs a script in the live database. */
    static void run(MariaDbServer server, byte[] script) throws IOException {
        try (MariaDbScriptRun run = server.script(server.names().live(), ".load")) {
            run.write(script, script.length);
            run.finish();
        }
    }
}
