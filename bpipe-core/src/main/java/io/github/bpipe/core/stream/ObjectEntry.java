package io.github.bpipe.core.stream;

/**
 * One line of the O frames: an object that the stream promises.
 *
 * @param name as the engine names it; for PostgreSQL with its schema, both quoted where needed
 * @param kind {@code table}, {@code view}, {@code sequence}, {@code trigger}, {@code function} ...
 * @param rows in a table, else null
 * @param raw bytes that the object takes in the stream before compression, or null where they cannot be told apart
 */
public record ObjectEntry(String name, String kind, Long rows, Long raw) {}
