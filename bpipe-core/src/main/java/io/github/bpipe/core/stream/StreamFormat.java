package io.github.bpipe.core.stream;

/**
 * Every constant of the stream format, version 1. The specification is FORMAT.md at the root of the project.
 *
 * <p>All numbers on the wire are little-endian and unsigned.
 */
public final class StreamFormat {
    /** Magic number of the zstd skippable frame that holds our own frames (the twelfth of the sixteen reserved). */
    public static final int SKIPPABLE_MAGIC = 0x184D2A5B;

    /** Magic number of an ordinary zstd frame. */
    public static final int ZSTD_MAGIC = 0xFD2FB528;

    /** {@code BPS} and the major version, in the order of the bytes on the wire. */
    static final byte[] SIGNATURE = {'B', 'P', 'S', '1'};

    /** Bytes of a magic number. */
    static final int MAGIC_BYTES = 4;

    /** Bytes of the skippable frame's own head: magic and length. */
    static final int SKIPPABLE_HEAD_BYTES = 8;

    /** Bytes between the skippable frame's head and the JSON: signature, kind, CRC32C. */
    static final int FRAME_HEAD_BYTES = 9;

    /** The longest content of one skippable frame, head of ours included. */
    static final int MAX_FRAME_BYTES = 16 << 20;

    /** The most raw bytes that one block may hold. */
    public static final int MAX_BLOCK_BYTES = 16 << 20;

    /** The raw bytes that this implementation puts into one block. */
    public static final int BLOCK_BYTES = 4 << 20;

    /** The largest zstd frame accepted for a block: zstd's own bound for {@link #MAX_BLOCK_BYTES} of noise, rounded up. */
    static final int MAX_STORED_BYTES = MAX_BLOCK_BYTES + (MAX_BLOCK_BYTES >> 7);

    /** About how many bytes of JSON one O frame gets before the next one is begun. */
    static final int OBJECTS_FRAME_BYTES = 4 << 20;

    /** The only {@code kind} of stream that version 1 knows. */
    public static final String KIND_FULL = "full";

    static final byte HEADER = 'H';
    static final byte BLOCK = 'B';
    static final byte OBJECTS = 'O';
    static final byte TRAILER = 'T';
    static final byte ABORT = 'A';

    private StreamFormat() {}
}
