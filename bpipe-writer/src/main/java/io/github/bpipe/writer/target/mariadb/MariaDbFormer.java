package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.engine.MariaDbHalfRestored;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.Former;
import io.github.bpipe.writer.target.Status;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.mariadb.MariaDbDefinitions.Part;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.Origin;
import io.github.bpipe.writer.target.mariadb.MariaDbMarker.State;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What can be done with the database that a restore replaced and kept. */
public final class MariaDbFormer implements Former {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Engine engine;
    private final Connection connection;
    private final MariaDbNames names;
    private final MariaDbStep.Listener steps;

    /** Connects to nothing yet. */
    public MariaDbFormer(Engine engine, Connection connection, String live) throws Failure {
        this(engine, connection, live, step -> {});
    }

    MariaDbFormer(Engine engine, Connection connection, String live, MariaDbStep.Listener steps) throws Failure {
        this.engine = engine;
        this.connection = connection;
        this.names = MariaDbNames.of(MariaDbAdmission.requireAllowed(live));
        this.steps = steps;
    }

    /** Without the lock, so that it works while a writer does. */
    @Override
    public Status status() throws IOException {
        try (SqlSession session = new MariaDbClients(engine, connection).session(null)) {
            MariaDbMarker former = MariaDbMarker.read(session, names.former());
            boolean kept = former != null && former.state() == State.COMPLETE;
            return new Status(
                    names.live(),
                    new MariaDbCatalog(session).exists(names.live()),
                    MariaDbHalfRestored.isMarked(session, names.live()),
                    !session.value("SELECT IS_USED_LOCK('" + names.lock() + "')")
                            .equals("NULL"),
                    kept ? names.former() : null,
                    kept ? former.at() : null,
                    kept ? former.replacedBy() : null,
                    leftovers(session));
        }
    }

    private List<String> leftovers(SqlSession session) throws IOException {
        List<String> found = new ArrayList<>();
        for (String schema : List.of(names.staged(), names.former(), names.replaced())) {
            MariaDbMarker marker = MariaDbMarker.read(session, schema);
            if (marker != null && (marker.state() != State.COMPLETE || schema.equals(names.replaced()))) {
                found.add(schema);
            }
        }
        return found;
    }

    @Override
    public List<String> recover() throws IOException {
        try (MariaDbServer server = new MariaDbServer(engine, connection, names)) {
            List<String> done = new ArrayList<>();
            switch (new MariaDbRecovery(server, done).run()) {
                case COMPLETED -> done.add(0, "the switch of " + names.live() + " had happened, and is complete now");
                case UNDONE -> done.add(0, "a run had ended before its switch: what it had left is removed");
                case NOTHING -> {}
            }
            return done;
        }
    }

    @Override
    public String discard() throws IOException {
        try (MariaDbServer server = new MariaDbServer(engine, connection, names)) {
            requireFormer(server, new ArrayList<>());
            server.keeper().execute("DROP DATABASE " + MariaDbClients.identifier(names.former()));
            return names.former();
        }
    }

    @Override
    public SwitchReport rollback() throws IOException {
        try (MariaDbServer server = new MariaDbServer(engine, connection, names)) {
            List<String> warnings = new ArrayList<>();
            requireFormer(server, warnings);
            MariaDbReaders.keepOut(server, PATIENCE, warnings);
            SqlSession keeper = server.keeper();
            MariaDbAdmission.requireNoForeignKeys(keeper, names.live());
            MariaDbAdmission.requireNoForeignKeys(keeper, names.former());
            keeper.execute(MariaDbMarker.returning(names.former()));
            moveAll(server, names.former(), names.staged());
            new MariaDbSequences(keeper).point(names.staged(), names.former(), names.staged());
            keeper.execute("DROP DATABASE " + MariaDbClients.identifier(names.former()));
            Duration unusable = new MariaDbSwitch(server, names.former(), PATIENCE, warnings, steps)
                    .run(Origin.FORMER, new MariaDbDefinitions(server, new MariaDbEvents()));
            return new SwitchReport(names.live(), names.former(), unusable, warnings);
        }
    }

    /** Moves every table of a schema to another one, which gets the same charset and collation; one step. */
    static void moveAll(MariaDbServer server, String from, String to) throws IOException {
        SqlSession keeper = server.keeper();
        keeper.execute("CREATE DATABASE IF NOT EXISTS " + MariaDbClients.identifier(to));
        byte[] alter = new MariaDbDefinitions(server, new MariaDbEvents()).script(Part.DATABASE, from, to);
        keeper.execute(new String(alter, java.nio.charset.StandardCharsets.UTF_8));
        List<String> pairs = new MariaDbCatalog(keeper)
                .moving(from).stream()
                        .map(table -> MariaDbSwitch.pair(from, to, table))
                        .toList();
        keeper.execute("RENAME TABLE " + String.join(", ", pairs));
    }

    private void requireFormer(MariaDbServer server, List<String> warnings) throws IOException {
        new MariaDbRecovery(server, warnings).run();
        if (MariaDbMarker.read(server.keeper(), names.former()) == null) {
            throw Former.none(names.live());
        }
    }
}
