package io.github.bpipe.writer.target.postgres;

import static io.github.bpipe.core.engine.PostgresClients.literal;

import io.github.bpipe.core.engine.PostgresMarker;
import io.github.bpipe.core.engine.PostgresMarker.Role;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.postgres.PostgresServer.Database;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Proves, before anything is created, that a restore is possible and allowed. */
final class PostgresPreflight {
    private static final int SET_OPTION_OF_MEMBERSHIP = 16;

    private final PostgresServer server;
    private final PostgresNames names;

    PostgresPreflight(PostgresServer server, PostgresNames names) {
        this.server = server;
        this.names = names;
    }

    /**
     * The checks that every restore needs.
     *
     * @param keepFormer true when the name of the former database must be free
     */
    void check(boolean keepFormer) throws IOException {
        Optional<Database> live = server.database(names.live());
        requirePrivileges(live);
        if (live.isPresent()) {
            requireFree(live.get());
            requireNothingThatFollows(live.get());
        }
        requireName(names.staged(), Role.STAGED);
        requireName(names.doomed(), Role.DOOMED);
        if (keepFormer && live.isPresent()) {
            requireNoFormer();
        }
    }

    /** Tables can be exchanged only in a database that is there, and whole. */
    void requireWhole() throws IOException {
        Optional<Database> live = server.database(names.live());
        if (live.isEmpty() || live.get().invalid()) {
            throw new Failure(
                    ExitCode.NO_DATABASE,
                    "there is no database " + names.live() + " to restore tables into",
                    "restore all of it, or the tables into a database of their own with --into NAME");
        }
        if (live.get().is(Role.HALF_RESTORED, names.live())) {
            throw new Failure(
                    ExitCode.TARGET, "the database " + names.live() + " is half restored", "restore all of it first");
        }
    }

    /** The owner that the staged copy shall have must be one that we may give it. */
    void requireOwner(String owner) throws IOException {
        String option = server.major() >= SET_OPTION_OF_MEMBERSHIP ? "SET" : "MEMBER";
        String may = server.session().value("SELECT pg_has_role(" + literal(owner) + ", '" + option + "')");
        if (!PostgresServer.isTrue(may)) {
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "the role " + user() + " may not create a database for its owner " + owner
                            + ": it is not a member of that role",
                    "GRANT the role " + owner + " to it, or restore as superuser");
        }
    }

    private void requirePrivileges(Optional<Database> live) throws IOException {
        String mayCreate =
                server.session().value("SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user");
        if (!PostgresServer.isTrue(mayCreate)) {
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "the role " + user() + " may not create databases: it lacks CREATEDB",
                    "ALTER ROLE ... CREATEDB, or restore as superuser");
        }
        if (live.isPresent() && !live.get().mine()) {
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "the role " + user() + " may not rename the database " + names.live() + ", which belongs to "
                            + live.get().owner(),
                    "restore as its owner or as superuser");
        }
    }

    /** A prepared transaction counts as a session that nobody can end. */
    private void requireFree(Database live) throws IOException {
        List<String> prepared = server.session()
                .column("SELECT gid FROM pg_prepared_xacts WHERE database = " + literal(live.name())
                        + " ORDER BY prepared LIMIT 3");
        if (!prepared.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "the database " + live.name() + " has prepared transactions: " + String.join(", ", prepared),
                    "end them with COMMIT PREPARED or ROLLBACK PREPARED");
        }
    }

    /** Subscriptions and slots belong to the database itself, not to its name: they would stay with the former one. */
    private void requireNothingThatFollows(Database live) throws IOException {
        refuse(
                live,
                "the subscription",
                "SELECT subname FROM pg_subscription WHERE subdbid = " + live.oid(),
                "DROP SUBSCRIPTION, and create it again after the restore");
        refuse(
                live,
                "the logical replication slot",
                "SELECT slot_name FROM pg_replication_slots WHERE database = " + literal(live.name()),
                "pg_drop_replication_slot(), and let the subscriber start anew after the restore");
    }

    private void refuse(Database live, String what, String query, String hint) throws IOException {
        List<String> found = server.session().column(query + " ORDER BY 1 LIMIT 3");
        if (!found.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    what + " " + String.join(", ", found) + " belongs to the database " + live.name()
                            + " and would not follow the restored one",
                    hint);
        }
    }

    private void requireName(String name, Role role) throws IOException {
        Optional<Database> taken = server.database(name);
        if (taken.isPresent() && !PostgresLeftovers.isLeftover(taken.get(), names)) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the name " + name + " is needed for a " + role.word() + " database, and somebody else's has it",
                    "rename that database, or restore under another name with --into");
        }
    }

    private void requireNoFormer() throws IOException {
        for (Database database : server.databases()) {
            if (database.is(Role.FORMER, names.live())) {
                String since = database.marker()
                        .map(PostgresMarker::since)
                        .map(String::valueOf)
                        .orElse("long ago");
                throw new Failure(
                        ExitCode.TARGET,
                        "the former database of an earlier restore is still there: " + database.name() + " (" + since
                                + ")",
                        "remove it with bpipe-writer discard, or keep it and drop the present one with --no-keep");
            }
            if (database.name().equals(names.former())) {
                throw new Failure(
                        ExitCode.TARGET,
                        "the name " + database.name()
                                + " is needed for the former database, and somebody else's has it",
                        "rename that database, or drop the present one with --no-keep");
            }
        }
    }

    private String user() throws IOException {
        return server.session().value("SELECT current_user");
    }
}
