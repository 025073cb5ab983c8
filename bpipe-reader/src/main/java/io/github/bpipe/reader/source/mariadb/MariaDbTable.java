package io.github.bpipe.reader.source.mariadb;

/**
 * A table, view or sequence as the server lists it.
 *
 * @param type {@code BASE TABLE}, {@code VIEW}, {@code SYSTEM VERSIONED}, {@code SEQUENCE} ...
 * @param engine empty for a view, and for a table that the server cannot open
 * @param comment for a table that cannot be opened, the reason
 * @param bytes of its data, roughly
 * @param indexBytes of its secondary indexes, roughly
 */
record MariaDbTable(String name, String type, String engine, String comment, long bytes, long indexBytes) {
    boolean isView() {
        return type.equals("VIEW");
    }

    boolean holdsRows() {
        return type.equals("BASE TABLE") || type.equals("SYSTEM VERSIONED");
    }
}
