package io.github.bpipe.writer.target.postgres;

import io.github.bpipe.core.engine.NameDigest;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * The names that a database has around a restore. The server silently cuts names at 63 bytes, so those of the writer are
 * bounded here, with a hash of the whole name where it had to be cut.
 *
 * @param live the database that is recreated
 * @param staged the copy that is loaded beside it
 * @param former the one that was live before, kept
 * @param doomed the one that was live before, about to be dropped
 */
record PostgresNames(String live, String staged, String former, String doomed) {
    /** {@code NAMEDATALEN - 1} of every build of the server that is not made by hand. */
    static final int MAX_BYTES = 63;

    private static final String STAGED = "__bpipe_new";
    private static final String FORMER = "__bpipe_old";
    private static final String DOOMED = "__bpipe_gone";
    private static final Set<String> SYSTEM = Set.of("postgres", "template0", "template1");
    private static final int DIGEST_CHARACTERS = 8;

    /** The names around that database; refuses one that must not be recreated. */
    static PostgresNames of(String live) throws Failure {
        if (SYSTEM.contains(live)) {
            throw refused("the server's own database " + live + " is never recreated");
        }
        if (List.of(STAGED, FORMER, DOOMED).stream().anyMatch(live::endsWith)) {
            throw refused("a database cannot be restored under the name " + live
                    + ", which is kept for the writer's own copies");
        }
        int bytes = live.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MAX_BYTES || live.indexOf('\0') >= 0) {
            throw refused("not a name for a database, which has 1 to " + MAX_BYTES + " bytes: " + live);
        }
        return new PostgresNames(live, bounded(live, STAGED), bounded(live, FORMER), bounded(live, DOOMED));
    }

    /** Where tables are loaded that are to be exchanged with those of a schema. */
    static String stagedSchema(String schema) {
        return bounded(schema, STAGED);
    }

    /** Where the tables of a schema go that are exchanged: to be kept, or only until the end of the transaction. */
    static String awaySchema(String schema, boolean keep) {
        return bounded(schema, keep ? FORMER : DOOMED);
    }

    private static String bounded(String live, String suffix) {
        if ((live + suffix).getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES) {
            return live + suffix;
        }
        String end = "_" + NameDigest.of(live, DIGEST_CHARACTERS) + suffix;
        int room = MAX_BYTES - end.length();
        String start = live;
        while (start.getBytes(StandardCharsets.UTF_8).length > room) {
            start = start.substring(0, start.offsetByCodePoints(start.length(), -1));
        }
        return start + end;
    }

    private static Failure refused(String message) {
        return new Failure(ExitCode.TARGET, message, "name another database with --into");
    }
}
