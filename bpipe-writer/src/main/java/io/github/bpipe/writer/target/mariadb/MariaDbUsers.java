package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.SqlSession;
import java.io.IOException;
import java.util.Objects;

/**
 * Ends the sessions of others that keep the tables of a database to themselves: in transactions that nobody ends,
 * {@code LOCK TABLES} or long statements.
 *
 * <p>Which session holds which table the server tells only where its plugin METADATA_LOCK_INFO is loaded; everywhere a
 * session shows what database it is in. One that waits for a table and is in no transaction stands in nobody's way.
 */
final class MariaDbUsers {
    private static final String IN_DATABASE = "SELECT p.ID FROM information_schema.PROCESSLIST p"
            + " LEFT JOIN information_schema.INNODB_TRX t ON t.trx_mysql_thread_id = p.ID WHERE %s"
            + " AND p.USER NOT IN ('system user', 'event_scheduler')"
            + " AND (t.trx_id IS NOT NULL OR p.STATE IS NULL OR p.STATE NOT LIKE 'Waiting for%%metadata lock')";

    private static final String WITH_LOCKS =
            " UNION SELECT THREAD_ID FROM information_schema.METADATA_LOCK_INFO WHERE %s";

    private final MariaDbServer server;
    private final SqlSession keeper;
    private final String sessions;

    MariaDbUsers(MariaDbServer server) throws IOException {
        this.server = server;
        this.keeper = server.keeper();
        String live = server.names().live();
        boolean exact = !keeper.query("SELECT 1 FROM information_schema.PLUGINS"
                        + " WHERE PLUGIN_NAME = 'METADATA_LOCK_INFO' AND PLUGIN_STATUS = 'ACTIVE'")
                .isEmpty();
        this.sessions = IN_DATABASE.formatted(MariaDbCatalog.is("p.DB", live))
                + (exact ? WITH_LOCKS.formatted(MariaDbCatalog.is("TABLE_SCHEMA", live)) : "");
    }

    /** Ends those that are there now; where the account may not, they stay. */
    void end() throws IOException {
        String own = keeper.value("SELECT CONNECTION_ID()");
        String holding = server.helperId(MariaDbHold.SUFFIX);
        for (String id : keeper.column(sessions)) {
            if (!id.equals(own) && !Objects.equals(id, holding)) {
                server.kill(id);
            }
        }
    }
}
