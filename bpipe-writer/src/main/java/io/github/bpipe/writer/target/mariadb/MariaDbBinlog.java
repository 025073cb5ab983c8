package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.util.List;

/**
 * A restore that is kept out of the server's binary log, which would take as much space and time again. Whoever reads the
 * log would miss the restored database, so that it is refused where somebody does; a replica that is configured and not
 * connected cannot be seen from here.
 */
final class MariaDbBinlog {
    /** Behind another setting of a session; needs BINLOG ADMIN, or SUPER. */
    static final String SKIP = ", SESSION sql_log_bin = 0";

    private MariaDbBinlog() {}

    /** Fails where another server depends on the log, or this one on another's. */
    static void requireUnread(MariaDbServer server) throws IOException {
        // in a session for it alone, since a refused question ends that
        try (SqlSession session = server.session()) {
            require(!isOn(session, "wsrep_on"), "the server belongs to a Galera cluster");
            require(
                    variable(session, "group_replication_group_name").isEmpty(),
                    "the server belongs to a replication group");
            require(
                    session.query("SELECT 1 FROM information_schema.PROCESSLIST WHERE COMMAND LIKE 'Binlog Dump%'")
                            .isEmpty(),
                    "a replica, or another reader of the binary log, is connected");
            String replica = server.engine() == Engine.MARIADB ? "SHOW ALL SLAVES STATUS" : "SHOW REPLICA STATUS";
            require(session.query(replica).isEmpty(), "the server is itself a replica");
        }
    }

    private static boolean isOn(SqlSession session, String variable) throws IOException {
        return variable(session, variable).equals("ON");
    }

    /** Empty for one that the server does not know. */
    private static String variable(SqlSession session, String name) throws IOException {
        List<List<String>> rows = session.query("SHOW GLOBAL VARIABLES LIKE '" + name + "'");
        return rows.isEmpty() ? "" : rows.get(0).get(1);
    }

    private static void require(boolean condition, String reason) throws Failure {
        if (!condition) {
            throw new Failure(
                    ExitCode.TARGET,
                    "the restore cannot be kept out of the binary log: " + reason,
                    "restore with --binlog=keep, or restore.binlog: keep in the profile");
        }
    }
}
