package io.github.bpipe.reader;

import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.stream.StreamEncoder;
import io.github.bpipe.reader.source.Source;
import io.github.bpipe.reader.source.Sources;
import java.util.Set;

/**
 * What is asked of a dump.
 *
 * @param engine of the database
 * @param database name, or file for SQLite
 * @param connection to the server
 * @param profile name of the profile that asks, or null
 * @param level of zstd, 1 to 19, or {@link StreamEncoder#LEVEL_BY_CONTENT}
 * @param threads that compress
 * @param jobs how many sessions read large tables side by side
 * @param allowInconsistent non-transactional tables that are accepted
 */
record DumpOptions(
        Engine engine,
        String database,
        Connection connection,
        String profile,
        int level,
        int threads,
        int jobs,
        Set<String> allowInconsistent) {
    /** The source that is asked for; nothing is opened yet. */
    Source source() {
        return Sources.of(engine, connection, database, allowInconsistent, jobs);
    }
}
