package io.github.bpipe.writer.target.sqlite;

/** The moments of a restore of SQLite at which a test may end the process. */
enum SqliteStep {
    /** The in-place mode has removed the live database. */
    LIVE_REMOVED,
    /** The staged copy has passed its check. */
    CHECKED,
    /** The journal of the switch is written. */
    JOURNAL_WRITTEN,
    /** The live database has taken in its WAL and stands alone. */
    DETACHED,
    /** The former database is safe in the work folder. */
    FORMER_SAFE,
    /** Some pages of the live database are overwritten, in a transaction that is still open. */
    OVERWRITING,
    /** The new database is live. */
    SWITCHED,
    /** The former database has its final name. */
    FORMER_NAMED
}
