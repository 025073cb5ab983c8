package io.github.bpipe.writer.target.mariadb;

/** What of a live database a switch exchanges; the marker in the staged schema keeps it. */
enum MariaDbExtent {
    /** All there is. */
    DATABASE,
    /** Those tables whose names stand in the staged schema, with their triggers. */
    TABLES
}
