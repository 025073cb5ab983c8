package io.github.bpipe.writer.pick;

/**
 * A column of a table.
 *
 * @param name as the engine knows it, without quotes
 * @param kind of its values; for SQLite each value has one of its own
 */
public record Column(String name, Kind kind) {}
