package io.github.bpipe.core.stream;

/**
 * One block as it stands in the stream, still compressed.
 *
 * @param head the B frame
 * @param zstd the zstd frame, {@code head.stored()} bytes
 * @param offset of the zstd frame, in bytes from the beginning of the stream
 */
public record StoredBlock(BlockHead head, byte[] zstd, long offset) {}
