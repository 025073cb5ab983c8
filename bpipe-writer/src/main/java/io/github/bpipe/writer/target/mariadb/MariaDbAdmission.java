package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbHalfRestored;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.stream.Header;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Proves that a restore is possible and allowed, before anything is made. */
final class MariaDbAdmission {
    /** mariadb-dump escapes these in a name where it must not, and then cannot read routines and events. */
    private static final Pattern QUOTES = Pattern.compile("['\"\\\\]");

    /** What an administrative account has; without one of them a restore stops half-way. */
    private static final List<String> PRIVILEGES = List.of(
            "SELECT",
            "INSERT",
            "UPDATE",
            "DELETE",
            "CREATE",
            "DROP",
            "ALTER",
            "INDEX",
            "REFERENCES",
            "LOCK TABLES",
            "CREATE VIEW",
            "SHOW VIEW",
            "CREATE ROUTINE",
            "ALTER ROUTINE",
            "EXECUTE",
            "EVENT",
            "TRIGGER");

    private MariaDbAdmission() {}

    /** The names of a restore: the header's database, or another one that the administrator chose. */
    static MariaDbNames names(Header header, String into) throws Failure {
        if (!Engine.of(header.engine()).isMySqlFamily()) {
            throw new Failure(
                    ExitCode.WRONG_ENGINE,
                    "the input comes from " + header.engine(),
                    "choose that engine with --engine, or another stream");
        }
        return MariaDbNames.of(requireAllowed(into == null ? header.database() : into));
    }

    /** Refuses the name of a system database, and one that a restore would give to a copy of its own. */
    static String requireAllowed(String live) throws Failure {
        if (MariaDbNames.isSystem(live)) {
            throw new Failure(
                    ExitCode.TARGET,
                    live + " is a database of the server itself",
                    "restore into another name with --into, and take from there what is needed");
        }
        if (MariaDbNames.isReserved(live)) {
            throw new Failure(
                    ExitCode.TARGET,
                    live + " has the name of a staged or former copy",
                    "restore into another name with --into");
        }
        if (QUOTES.matcher(live).find()) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the name " + live + " holds a quote or a backslash, which the native dump program cannot handle",
                    "restore into another name with --into");
        }
        return live;
    }

    /** Refuses a server that may leave a rename of many tables half done when it dies. */
    static void requireAtomicRename(SqlSession session) throws IOException {
        String said = session.value("SELECT VERSION()");
        MariaDbVersion version = MariaDbVersion.ofServer(said);
        boolean atomic = version != null
                && (version.family() == Engine.MARIADB ? version.atLeast(10, 6) : version.atLeast(8, 0));
        if (!atomic) {
            throw new Failure(
                    ExitCode.TARGET,
                    "server version " + said + " cannot rename all tables as one step",
                    "upgrade to MariaDB 10.6 or MySQL 8, or accept the risk of --mode in-place");
        }
    }

    /**
     * What may not be understood by this server, since it was dumped from a newer one or one of the other family:
     * harmless when staged, a loss in place.
     *
     * @return warnings, one sentence each
     */
    static List<String> versions(SqlSession session, Header header, boolean inPlace) throws IOException {
        String said = session.value("SELECT VERSION()");
        MariaDbVersion server = MariaDbVersion.ofServer(said);
        MariaDbVersion dumped = header.serverVersion() == null ? null : MariaDbVersion.ofServer(header.serverVersion());
        boolean sameFamily = server == null || server.family() == Engine.of(header.engine());
        boolean older = server != null
                && dumped != null
                && server.family() == dumped.family()
                && !server.atLeast(dumped.major(), dumped.minor());
        if (sameFamily && !older) {
            return List.of();
        }
        String what = "the dump comes from " + header.engine() + " "
                + (header.serverVersion() == null ? "" : header.serverVersion()) + ", and the server is " + said;
        if (inPlace) {
            throw new Failure(
                    ExitCode.UNSUITABLE, what, "restore in staged mode, which loses nothing if the server refuses it");
        }
        return List.of(what + ", which may not know everything in it");
    }

    /** Refuses an account that lacks a privilege, by name. */
    static void requirePrivileges(SqlSession session) throws IOException {
        String user = session.value("SELECT CURRENT_USER()");
        int at = user.lastIndexOf('@');
        String grantee = "'" + user.substring(0, at) + "'@'" + user.substring(at + 1) + "'";
        List<String> missing = new ArrayList<>(PRIVILEGES);
        missing.removeAll(session.column("SELECT PRIVILEGE_TYPE FROM information_schema.USER_PRIVILEGES WHERE "
                + MariaDbCatalog.is("GRANTEE", grantee)));
        String role = session.value("SELECT CURRENT_ROLE()");
        boolean byRole = !role.equals("NULL") && !role.equals("NONE");
        if (!missing.isEmpty() && !byRole) {
            throw new Failure(
                    ExitCode.PRIVILEGE,
                    "the account " + user + " lacks " + String.join(", ", missing) + " on *.*",
                    "restore with an administrative account, such as root through the unix socket");
        }
    }

    /** Tables can be exchanged only in a database that is there, and whole. */
    static void requireWhole(SqlSession session, String live) throws IOException {
        if (!new MariaDbCatalog(session).exists(live)) {
            throw new Failure(
                    ExitCode.NO_DATABASE,
                    "there is no database " + live + " to restore tables into",
                    "restore all of it, or the tables into a database of their own with --into NAME");
        }
        if (MariaDbHalfRestored.isMarked(session, live)) {
            throw new Failure(ExitCode.TARGET, "the database " + live + " is half restored", "restore all of it first");
        }
    }

    /** A foreign key of another schema would follow the tables to the former schema. */
    static void requireNoForeignKeys(SqlSession session, String live) throws IOException {
        List<String> keys = new MariaDbCatalog(session).foreignKeysInto(live);
        if (!keys.isEmpty()) {
            throw new Failure(
                    ExitCode.UNSUITABLE,
                    "foreign keys of other databases refer to " + live + ": " + String.join(", ", keys),
                    "drop them, restore, and create them again");
        }
    }

    /**
     * The schema that the live tables are to go to must be free: a former database that is kept is never overwritten.
     *
     * @param destination {@link MariaDbNames#former} or {@link MariaDbNames#replaced}
     */
    static void requireFree(SqlSession session, String destination) throws IOException {
        MariaDbCatalog catalog = new MariaDbCatalog(session);
        if (!catalog.exists(destination) || catalog.all(destination).isEmpty()) {
            return;
        }
        if (MariaDbMarker.read(session, destination) == null) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the database " + destination + " is not one of bpipe-writer's, but has the name that it needs",
                    "rename or drop it");
        }
        throw new Failure(
                ExitCode.TARGET,
                "the database before the last restore is still kept, as " + destination,
                "remove it with bpipe-writer discard, or keep only that one with --no-keep");
    }
}
