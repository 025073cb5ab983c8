package io.github.bpipe.core.snapshot;

/**
 * The last line of a manifest, without which it is not whole.
 *
 * @param entries how many lines there are between the first and this one
 * @param bytes of all files
 * @param sha256 of every byte before this line
 */
public record ManifestTail(long entries, long bytes, String sha256) {}
