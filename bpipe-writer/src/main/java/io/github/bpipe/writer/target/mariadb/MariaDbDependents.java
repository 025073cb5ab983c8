package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.Extent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What of a live database depends on tables that are to be exchanged. Views, routines, triggers and events find tables
 * by name, so they go on with the new ones, unless these lack a column. A foreign key follows its table to the former
 * schema, so none may lead from an exchanged table to one that stays, or back.
 */
final class MariaDbDependents {
    private final SqlSession session;
    private final MariaDbNames names;
    private final MariaDbScope scope;

    MariaDbDependents(SqlSession session, MariaDbNames names) throws IOException {
        this.session = session;
        this.names = names;
        this.scope = MariaDbScope.of(session, names);
    }

    /**
     * Refuses what would break.
     *
     * @param warnings gets what may break where that is accepted
     */
    void require(Extent extent, List<String> warnings) throws IOException {
        requireTables();
        requireNoForeignKeys();
        List<String> losing = losing();
        if (losing.isEmpty()) {
            return;
        }
        String what = "views, routines, triggers and events of " + names.live()
                + " may use columns that the restored tables do not have: " + String.join(", ", losing);
        if (extent == Extent.TABLES) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    what,
                    "look at what uses them, and accept it with --ignore-dependents, or restore with --into NAME");
        }
        warnings.add(what);
    }

    private void requireTables() throws IOException {
        List<String> views = new ArrayList<>();
        for (MariaDbCatalog.Item item : new MariaDbCatalog(session).tables(names.live())) {
            if (!item.moves() && scope.coming().contains(item.name())) {
                views.add(item.name());
            }
        }
        if (!views.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "in " + names.live() + " these are views now: " + String.join(", ", views),
                    "rename or drop them, or restore the tables with --into NAME");
        }
    }

    private void requireNoForeignKeys() throws IOException {
        Set<String> exchanged = Set.copyOf(scope.coming());
        List<String> crossing = new ArrayList<>();
        for (String schema : List.of(names.live(), names.staged())) {
            for (List<String> key : session.query("SELECT TABLE_NAME, REFERENCED_TABLE_NAME, CONSTRAINT_NAME"
                    + " FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE "
                    + MariaDbCatalog.is("CONSTRAINT_SCHEMA", schema) + " ORDER BY 1, 3")) {
                String text = key.get(0) + " to " + key.get(1) + " (" + key.get(2) + ")";
                if (exchanged.contains(key.get(0)) != exchanged.contains(key.get(1)) && !crossing.contains(text)) {
                    crossing.add(text);
                }
            }
        }
        if (!crossing.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "foreign keys tie the tables to others of " + names.live() + ": " + String.join(", ", crossing),
                    "restore those tables too (--only), or with --into NAME and copy the rows from there");
        }
    }

    /** Columns of live tables that the staged ones have not, as {@code table.column}. */
    private List<String> losing() throws IOException {
        List<String> lost = session.column("SELECT CONCAT(l.TABLE_NAME, '.', l.COLUMN_NAME)"
                + " FROM information_schema.COLUMNS l JOIN information_schema.TABLES s ON s.TABLE_SCHEMA = "
                + MariaDbClients.literal(names.staged())
                + " AND s.TABLE_NAME = l.TABLE_NAME AND s.TABLE_TYPE <> 'SEQUENCE'"
                + " LEFT JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = s.TABLE_SCHEMA"
                + " AND c.TABLE_NAME = s.TABLE_NAME AND c.COLUMN_NAME = l.COLUMN_NAME"
                + " WHERE l.TABLE_SCHEMA = " + MariaDbClients.literal(names.live())
                + " AND c.COLUMN_NAME IS NULL ORDER BY 1");
        return lost.isEmpty() || !hasUsers() ? List.of() : lost;
    }

    private boolean hasUsers() throws IOException {
        MariaDbCatalog catalog = new MariaDbCatalog(session);
        return catalog.all(names.live()).stream().anyMatch(item -> !item.moves());
    }
}
