package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sessions that create the triggers of tables before anybody else can use these. A {@code CREATE TRIGGER} that waits
 * for a table goes before the writers that wait for it; a session waits for one lock at a time, so each trigger has a
 * session of its own. ({@code LOCK TABLES} would not do: it takes the tables of foreign keys too, and two such sessions
 * block each other.)
 */
final class MariaDbAttach {
    /** With more triggers than this some share a session, and a writer may get in between two of them. */
    static final int MAX_SESSIONS = 64;

    private static final Duration QUEUE_LIMIT = Duration.ofSeconds(30);

    private final List<MariaDbScriptRun> scripts = new ArrayList<>();

    private MariaDbAttach() {}

    /**
     * Starts to create triggers and returns as soon as every session waits: behind a rename that has, or waits for,
     * their tables. A session that gets through at once came before the rename, which is then refused by the server.
     */
    static MariaDbAttach queue(MariaDbServer server, byte[] triggers) throws IOException {
        List<String> names = MariaDbTriggerScript.byTable(triggers).values().stream()
                .flatMap(List::stream)
                .toList();
        int each = Math.max(1, (names.size() + MAX_SESSIONS - 1) / MAX_SESSIONS);
        MariaDbAttach attach = new MariaDbAttach();
        for (int from = 0; from < names.size(); from += each) {
            Set<String> some = Set.copyOf(names.subList(from, Math.min(names.size(), from + each)));
            String suffix = suffix(attach.scripts.size());
            MariaDbScriptRun script = server.script(server.names().live(), suffix);
            write(server, script, triggers, some);
            script.end();
            attach.scripts.add(script);
            awaitQueued(server, script, suffix);
        }
        return attach;
    }

    /** Waits until the triggers stand. */
    void await() throws IOException {
        for (MariaDbScriptRun script : scripts) {
            script.finish();
        }
    }

    /** Creates those triggers of a script that belong to these tables, and keeps everybody out meanwhile. */
    static void runAlone(MariaDbServer server, Map<String, List<String>> triggersByTable, byte[] triggers)
            throws IOException {
        if (triggersByTable.isEmpty()) {
            return;
        }
        List<String> locks = new ArrayList<>();
        List<String> names = new ArrayList<>();
        triggersByTable.forEach((table, some) -> {
            locks.add(MariaDbCatalog.qualified(server.names().live(), table) + " WRITE");
            names.addAll(some);
        });
        try (MariaDbScriptRun script = server.script(server.names().live(), suffix(0))) {
            script.write("LOCK TABLES " + String.join(", ", locks) + ";\n");
            write(server, script, triggers, Set.copyOf(names));
            script.write("\nUNLOCK TABLES;\n");
            script.finish();
        }
    }

    static String suffix(int session) {
        return ".attach" + session;
    }

    private static void write(MariaDbServer server, MariaDbScriptRun script, byte[] triggers, Set<String> names)
            throws IOException {
        String live = server.names().live();
        MariaDbRewrite rewrite = new MariaDbRewrite(
                live, live, new MariaDbEvents(), MariaDbRewrite.Purpose.UNDER_LOCK, names::contains, script::write);
        rewrite.feed(triggers, triggers.length);
        rewrite.finish();
    }

    private static void awaitQueued(MariaDbServer server, MariaDbScriptRun script, String suffix) throws IOException {
        Instant limit = Instant.now().plus(QUEUE_LIMIT);
        while (!MariaDbQueued.waits(server, suffix)) {
            if (!script.isAlive() || Instant.now().isAfter(limit)) {
                throw new Failure(
                        ExitCode.SWITCH_FAILED,
                        "the triggers of " + server.names().live() + " cannot be created together with their tables",
                        "end long transactions (SHOW PROCESSLIST, KILL), then restore again");
            }
        }
    }
}
