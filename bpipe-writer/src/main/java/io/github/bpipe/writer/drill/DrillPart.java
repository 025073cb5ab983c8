package io.github.bpipe.writer.drill;

/**
 * A part of a drill and how long it took.
 *
 * @param name {@code start}, {@code load}, {@code compare}, {@code switch} or {@code checks}
 */
public record DrillPart(String name, long millis) {}
