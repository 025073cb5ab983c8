package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.MariaDbVersion;
import io.github.bpipe.core.engine.SqlSession;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;

/**
 * Keeps everybody from committing for a moment, so that the snapshots of several sessions are one. Readers and the rows of
 * open transactions go on ({@code BACKUP STAGE} of MariaDB 10.4 and later; needs the privilege RELOAD).
 */
final class MariaDbCommitBlock implements Closeable {
    private final SqlSession session;

    private MariaDbCommitBlock(SqlSession session) {
        this.session = session;
    }

    /**
     * Blocks commits.
     *
     * @param session that is closed with the block
     * @param limit how long to wait for others; commits wait behind us meanwhile
     */
    static MariaDbCommitBlock take(SqlSession session, MariaDbVersion server, Duration limit) throws IOException {
        MariaDbCommitBlock block = new MariaDbCommitBlock(session);
        try {
            if (server.family() != Engine.MARIADB || !server.atLeast(10, 4)) {
                throw new Failure(
                        ExitCode.UNSUITABLE,
                        "the server is not MariaDB 10.4 or later, which can hold back commits for a moment",
                        "leave --jobs out");
            }
            session.execute("SET SESSION lock_wait_timeout = " + limit.toSeconds());
            session.execute("BACKUP STAGE START");
            session.execute("BACKUP STAGE BLOCK_COMMIT");
            return block;
        } catch (IOException e) {
            block.close();
            throw e;
        }
    }

    /** Lets commits go on; fails where the server had done so before. */
    void release() throws IOException {
        session.execute("BACKUP STAGE END");
        close();
    }

    /** Releases in whatever state. */
    @Override
    public void close() {
        session.close();
    }
}
