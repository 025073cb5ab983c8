package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which tables a switch exchanges, as the staged schema and its marker tell it. */
final class MariaDbScope {
    private final boolean tablesOnly;
    private final List<String> coming;

    private MariaDbScope(boolean tablesOnly, List<String> coming) {
        this.tablesOnly = tablesOnly;
        this.coming = coming;
    }

    /** That of the staged schema as it is now. */
    static MariaDbScope of(SqlSession session, MariaDbNames names) throws IOException {
        MariaDbCatalog catalog = new MariaDbCatalog(session);
        boolean tablesOnly = MariaDbMarker.read(session, names.staged()).extent() == MariaDbExtent.TABLES;
        List<String> coming = new ArrayList<>(catalog.moving(names.staged()));
        coming.removeAll(List.of(MariaDbMarker.TABLE, MariaDbJournal.TABLE));
        if (tablesOnly) {
            // other tables may draw from a sequence that is live, and it may have gone on since the dump
            Set<String> sequences = new HashSet<>(catalog.sequences(names.staged()));
            sequences.retainAll(catalog.sequences(names.live()));
            coming.removeAll(sequences);
        }
        return new MariaDbScope(tablesOnly, List.copyOf(coming));
    }

    /** True where everything else in the live database stays. */
    boolean tablesOnly() {
        return tablesOnly;
    }

    /** Tables and sequences that become live. */
    List<String> coming() {
        return coming;
    }

    /** Those of the live tables and sequences that leave. */
    List<String> leaving(List<String> live) {
        return tablesOnly ? live.stream().filter(coming::contains).toList() : live;
    }

    /** True for a live table that leaves. */
    boolean leaves(String table) {
        return !tablesOnly || coming.contains(table);
    }

    /** The definitions that are exchanged with the tables. */
    List<Part> parts() {
        return tablesOnly ? List.of(Part.DATABASE, Part.TRIGGERS) : List.copyOf(Part.definitions());
    }
}
