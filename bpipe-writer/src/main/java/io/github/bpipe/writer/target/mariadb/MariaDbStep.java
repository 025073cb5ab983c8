package io.github.bpipe.writer.target.mariadb;

/** The steps of a switch, in order; a run may end at any of them, and the next one goes on from there. */
enum MariaDbStep {
    JOURNAL_WRITTEN,
    SWITCHING,
    TABLES_HELD,
    RENAME_QUEUED,
    TRIGGERS_DROPPED,
    ATTACH_QUEUED,
    RENAMED,
    TRIGGERS_CREATED,
    VIEWS_AND_ROUTINES_CREATED,
    EVENTS_CREATED,
    GRANTS_GIVEN,
    COMPLETE;

    /** Is told of each step that was reached. */
    interface Listener {
        void reached(MariaDbStep step) throws java.io.IOException;
    }
}
