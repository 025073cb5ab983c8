package io.github.bpipe.core.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Our own frames as bytes: the skippable frame's head, ours, and the JSON. */
final class FrameCodec {
    private FrameCodec() {}

    /** A complete frame, ready to be written. */
    static byte[] encode(byte kind, Object content) {
        byte[] json = Json.bytes(content);
        int length = StreamFormat.FRAME_HEAD_BYTES + json.length;
        if (length > StreamFormat.MAX_FRAME_BYTES) {
            throw new IllegalArgumentException("frame " + (char) kind + " has " + length + " bytes, at most "
                    + StreamFormat.MAX_FRAME_BYTES + " are allowed");
        }
        return ByteBuffer.allocate(StreamFormat.SKIPPABLE_HEAD_BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(StreamFormat.SKIPPABLE_MAGIC)
                .putInt(length)
                .put(StreamFormat.SIGNATURE)
                .put(kind)
                .putInt(crc(json, 0))
                .put(json)
                .array();
    }

    /** The CRC32C of everything from {@code from} on. */
    static int crc(byte[] bytes, int from) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, bytes.length - from);
        return (int) crc.getValue();
    }

    /** What the trailer proves the stream with. */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    static int littleEndianInt(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }

    static byte[] littleEndianBytes(int number) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array();
    }

    /** True when the content of a skippable frame begins with our signature, whatever its major version. */
    static boolean isOurs(byte[] content) {
        int nameBytes = StreamFormat.SIGNATURE.length - 1;
        return content.length >= StreamFormat.FRAME_HEAD_BYTES
                && Arrays.equals(content, 0, nameBytes, StreamFormat.SIGNATURE, 0, nameBytes);
    }
}
