package io.github.bpipe.core.stream;

/**
 * The A frame: a dump that failed and says so.
 *
 * @param code exit code of the reader
 * @param reason what happened
 * @param hint the next step
 */
public record Abort(int code, String reason, String hint) {}
