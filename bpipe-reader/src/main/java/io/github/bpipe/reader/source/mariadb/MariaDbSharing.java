package io.github.bpipe.reader.source.mariadb;

import java.time.Duration;

/**
 * How several sessions share one dump.
 *
 * @param jobs how many read rows at full speed
 * @param largeBytes from which size on a table has a session of its own
 * @param commitsLimit for how long everybody else may have to wait with a commit, while the snapshots are taken
 * @param pause between two reads of a session whose turn has not come
 */
record MariaDbSharing(int jobs, long largeBytes, Duration commitsLimit, Duration pause) {
    private static final Duration COMMITS_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(10);

    /** With so many jobs, as it is best on a live server. */
    static MariaDbSharing of(int jobs) {
        return new MariaDbSharing(jobs, MariaDbTableOrder.LARGE_BYTES, COMMITS_LIMIT, PAUSE);
    }
}
