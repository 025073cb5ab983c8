package io.github.bpipe.writer.target.postgres;

/** The moments of a switch at which a run may end; the next one finds the old or the new database live. */
enum PostgresStep {
    /** Single tables stand in staged schemas of the live database. */
    TABLES_LOADED,
    /** The databases, or the tables, have their new names, in a transaction that is still open. */
    RENAMED,
    /** The transaction is committed: the new database is live. */
    SWITCHED;

    /** Is told of each step that was reached. */
    interface Listener {
        void reached(PostgresStep step) throws java.io.IOException;
    }
}
