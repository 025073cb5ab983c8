package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.identifier;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresMarker.Role;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.postgres.PostgresServer.Database;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts another database in the place of the live one, and keeps or drops the one that was live; the lock must be held. */
final class PostgresSwitch {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final PostgresServer server;
    private final PostgresNames names;
    private final PostgresExchange exchange;
    private final List<String> warnings;

    /**
     * Does nothing yet.
     *
     * @param warnings gets what did not go as it should, and is listed in the report
     */
    PostgresSwitch(
            PostgresClients clients,
            PostgresServer server,
            PostgresNames names,
            PostgresStep.Listener steps,
            List<String> warnings) {
        this.server = server;
        this.names = names;
        this.exchange = new PostgresExchange(clients, LIMIT, steps);
        this.warnings = warnings;
    }

    /**
     * Makes {@code incoming} the live database, in one transaction with everything else here.
     *
     * @param outgoing what the database that was live is to be: former (kept) or doomed (dropped)
     * @param then statements for the new live database, under its new name
     */
    SwitchReport run(Database incoming, PostgresMarker outgoing, List<String> then) throws IOException {
        Optional<Database> live = usable(server.database(names.live()));
        boolean half = live.filter(database -> database.is(Role.HALF_RESTORED, names.live()))
                .isPresent();
        boolean keep = live.isPresent() && outgoing.role() == Role.FORMER && !half;
        String away = keep ? names.former() : names.doomed();
        List<String> statements = new ArrayList<>();
        List<Long> oids = new ArrayList<>(List.of(incoming.oid()));
        // a former database that comes back frees the name that the live one gets
        boolean sameName = incoming.name().equals(away);
        String from = sameName ? names.staged() : incoming.name();
        if (sameName) {
            statements.add(rename(incoming.name(), from));
        }
        if (live.isPresent()) {
            oids.add(live.get().oid());
            statements.add(rename(names.live(), away));
            Role role = keep ? Role.FORMER : Role.DOOMED;
            String comment = outgoing.become(role, live.get().ownComment()).text();
            statements.add(PostgresStaging.comment(away, comment));
        }
        statements.add(rename(from, names.live()));
        statements.addAll(then);
        Duration unusable = exchange(statements, oids, incoming);
        if (live.isPresent() && !keep) {
            drop(live.get());
        }
        return new SwitchReport(names.live(), keep ? away : null, unusable, List.copyOf(warnings));
    }

    /** A failure after which the databases are exchanged all the same was the loss of the answer only. */
    private Duration exchange(List<String> statements, List<Long> oids, Database incoming) throws IOException {
        long begun = System.nanoTime();
        try {
            return exchange.run(statements, oids);
        } catch (Failure e) {
            Optional<Database> now = server.database(incoming.oid());
            if (now.isEmpty() || !now.get().name().equals(names.live())) {
                throw e;
            }
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    /** The server can do nothing but drop a database whose DROP was broken off. */
    private Optional<Database> usable(Optional<Database> live) throws IOException {
        if (live.isEmpty() || !live.get().invalid()) {
            return live;
        }
        server.drop(live.get());
        warnings.add("the live database was one whose DROP had been broken off; it was dropped");
        return Optional.empty();
    }

    private void drop(Database doomed) {
        try {
            server.drop(doomed);
        } catch (IOException e) {
            warnings.add(
                    "the database that was live could not be dropped, the next run will try again: " + e.getMessage());
        }
    }

    private static String rename(String from, String to) {
        return "ALTER DATABASE " + identifier(from) + " RENAME TO " + identifier(to);
    }
}
