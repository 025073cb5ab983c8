package io.github.bpipe.writer.target.mariadb;

import io.github.bpipe.core.engine.MariaDbLocks;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * Keeps bpipe-reader out while the database changes under its name. A dump that is under way is waited for, with a
 * limit, and then ended: no backup may hold up a restore.
 */
final class MariaDbReaders {
    private static final int SECONDS_TO_END = 10;

    private MariaDbReaders() {}

    /**
     * Takes the readers' locks, for as long as the keeper's session lasts.
     *
     * @param warnings gets a sentence for each dump that was ended
     */
    static void keepOut(MariaDbServer server, Duration patience, List<String> warnings) throws IOException {
        SqlSession keeper = server.keeper();
        String live = server.names().live();
        Instant limit = Instant.now().plus(patience);
        for (String lock : MariaDbLocks.ofReaders(live)) {
            long seconds = Math.max(0, Duration.between(Instant.now(), limit).toSeconds());
            if (take(keeper, lock, seconds)) {
                continue;
            }
            server.kill(keeper.value("SELECT IS_USED_LOCK('" + lock + "')"));
            if (!take(keeper, lock, SECONDS_TO_END)) {
                throw new Failure(
                        ExitCode.BUSY,
                        "a dump of " + live + " is under way and cannot be ended",
                        "end bpipe-reader, or restore with an account that may end sessions (CONNECTION ADMIN)");
            }
            warnings.add("a dump of " + live + " that was under way was ended");
        }
    }

    private static boolean take(SqlSession keeper, String lock, long seconds) throws IOException {
        return "1".equals(keeper.value("SELECT GET_LOCK('" + lock + "', " + seconds + ")"));
    }
}
