package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresMarker.Role;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.Former;
import io.github.bpipe.writer.target.Status;
import io.github.bpipe.writer.target.SwitchReport;
import io.github.bpipe.writer.target.postgres.PostgresServer.Database;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What restores have left around one PostgreSQL database, and what can be done with it. */
public final class PostgresFormer implements Former {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final PostgresClients clients;
    private final PostgresNames names;

    /**
     * Connects to nothing yet.
     *
     * @param database the live name
     */
    public PostgresFormer(Connection connection, String database) throws Failure {
        this.clients = new PostgresClients(connection);
        this.names = PostgresNames.of(database);
    }

    @Override
    public Status status() throws IOException {
        try (PostgresServer server = new PostgresServer(clients)) {
            Optional<Database> live = server.database(names.live());
            Optional<Database> former = former(server);
            Optional<PostgresMarker> mark = former.flatMap(Database::marker);
            return new Status(
                    names.live(),
                    live.isPresent(),
                    live.filter(database -> database.is(Role.HALF_RESTORED, names.live()))
                            .isPresent(),
                    !server.lockHolders(names.live()).isEmpty(),
                    former.map(Database::name).orElse(null),
                    mark.map(PostgresMarker::since).orElse(null),
                    mark.map(PostgresFormer::replacedBy).orElse(null),
                    PostgresLeftovers.of(server, names).stream()
                            .map(Database::name)
                            .toList());
        }
    }

    /**
     * Exchanges the live and the former database, so that a second rollback undoes the first. Where there is no live
     * one, the former one takes its place; a half-restored one is dropped.
     */
    @Override
    public SwitchReport rollback() throws IOException {
        try (PostgresServer server = new PostgresServer(clients)) {
            server.lock(names.live());
            Database former = requireFormer(server);
            new PostgresPreflight(server, names).check(false);
            PostgresLeftovers.remove(server, names);
            List<String> warnings = new ArrayList<>();
            server.keepReadersOut(names.live(), PATIENCE, warnings);
            PostgresMarker outgoing =
                    new PostgresMarker(Role.FORMER, names.live(), UUID.randomUUID(), Instant.now(), null, null, null);
            String comment = former.ownComment();
            return new PostgresSwitch(clients, server, names, step -> {}, warnings)
                    .run(former, outgoing, List.of(PostgresStaging.comment(names.live(), comment)));
        }
    }

    @Override
    public String discard() throws IOException {
        try (PostgresServer server = new PostgresServer(clients)) {
            server.lock(names.live());
            Database former = requireFormer(server);
            server.drop(former);
            return former.name();
        }
    }

    @Override
    public List<String> recover() throws IOException {
        try (PostgresServer server = new PostgresServer(clients)) {
            server.lock(names.live());
            return PostgresLeftovers.remove(server, names).stream()
                    .map(name -> name + " is removed")
                    .toList();
        }
    }

    private Optional<Database> former(PostgresServer server) throws IOException {
        return server.databases().stream()
                .filter(database -> database.is(Role.FORMER, names.live()))
                .findFirst();
    }

    private Database requireFormer(PostgresServer server) throws IOException {
        return former(server).orElseThrow(() -> Former.none(names.live()));
    }

    private static String replacedBy(PostgresMarker mark) {
        return mark.dump() == null ? Former.ROLLBACK : Status.dump(mark.dump(), mark.job());
    }
}
