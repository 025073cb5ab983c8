package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.ObjectEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compares what a schema holds with what a stream promises. */
final class MariaDbCheck {
    private static final int NAMED = 5;

    private record Key(String kind, String name) {}

    private final SqlSession session;
    private final MariaDbEvents events;
    private final List<String> warnings = new ArrayList<>();

    MariaDbCheck(SqlSession session, MariaDbEvents events) {
        this.session = session;
        this.events = events;
    }

    /**
     * Requires every object with its kind and its rows, those of the history of a system-versioned table among them.
     *
     * @return warnings, one sentence each
     * @throws Failure with {@link ExitCode#CHECK_FAILED}, naming what differs
     */
    List<String> require(String schema, List<ObjectEntry> promised) throws IOException {
        Map<Key, MariaDbCatalog.Item> there = new HashMap<>();
        for (MariaDbCatalog.Item item : new MariaDbCatalog(session).all(schema)) {
            there.put(new Key(item.kind(), item.name()), item);
        }
        List<String> differences = new ArrayList<>();
        for (ObjectEntry entry : promised) {
            MariaDbCatalog.Item item = there.get(new Key(entry.kind(), entry.name()));
            String difference = item == null ? missing(entry) : rows(schema, entry, item);
            if (difference != null) {
                differences.add(difference);
            }
        }
        if (!differences.isEmpty()) {
            throw failure(differences);
        }
        return warnings;
    }

    private String missing(ObjectEntry entry) {
        if (entry.kind().equals("event") && events.happensOnce(entry.name())) {
            warnings.add("the event " + entry.name() + " is not there: its only time is over");
            return null;
        }
        return entry.kind() + " " + entry.name() + " is missing";
    }

    private String rows(String schema, ObjectEntry entry, MariaDbCatalog.Item item) throws IOException {
        if (!entry.kind().equals("table") || entry.rows() == null) {
            return null;
        }
        long rows = MariaDbCatalog.count(session, schema, item);
        return rows == entry.rows()
                ? null
                : "table " + entry.name() + " has " + rows + " rows instead of " + entry.rows();
    }

    private static Failure failure(List<String> differences) {
        List<String> named = differences.subList(0, Math.min(NAMED, differences.size()));
        String more = differences.size() > NAMED ? ", and " + (differences.size() - NAMED) + " more" : "";
        return new Failure(
                ExitCode.CHECK_FAILED,
                "the restored copy differs from the stream: " + String.join(", ", named) + more,
                "is another program writing to it? restore again");
    }
}
