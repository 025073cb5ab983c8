package io.github.bpipe.core.stream;

import com.fasterxml.jackson.databind.JsonMappingException;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;

/** Frames out of bytes: bounds, signature, version and CRC are checked here, their meaning is not. */
final class FrameInput {
    private static final int BUFFER_BYTES = 256 << 10;

    /**
     * One of our frames.
     *
     * @param kind its letter
     * @param bytes the whole skippable frame
     * @param offset of its first byte in the stream
     */
    record Frame(byte kind, byte[] bytes, long offset) {
        <T> T parse(Class<T> type) throws IOException {
            int from = StreamFormat.SKIPPABLE_HEAD_BYTES + StreamFormat.FRAME_HEAD_BYTES;
            try {
                T content = Json.parse(Arrays.copyOfRange(bytes, from, bytes.length), type);
                if (content != null) {
                    return content;
                }
            } catch (IOException e) {
                throw new StreamException(
                        ExitCode.DAMAGED_STREAM,
                        offset,
                        "frame " + (char) kind + " is not the JSON it should be" + where(e));
            }
            throw new StreamException(ExitCode.DAMAGED_STREAM, offset, "frame " + (char) kind + " is empty");
        }

        private static String where(IOException e) {
            if (!(e instanceof JsonMappingException mapping)
                    || mapping.getPath().isEmpty()) {
                return "";
            }
            return mapping.getPath().stream()
                    .map(JsonMappingException.Reference::getFieldName)
                    .filter(Objects::nonNull)
                    .collect(Collectors.joining(".", " (key ", ")"));
        }
    }

    private final InputStream in;
    private final MessageDigest digest;
    private long offset;

    FrameInput(InputStream in, MessageDigest digest) {
        this.in = new BufferedInputStream(in, BUFFER_BYTES);
        this.digest = digest;
    }

    long offset() {
        return offset;
    }

    /** The first frame; what does not begin like a stream is named. */
    Frame first() throws IOException {
        byte[] head = read(StreamFormat.SKIPPABLE_HEAD_BYTES);
        if (head.length == 0) {
            throw notAStream("the input is empty");
        }
        int magicBytes = Math.min(head.length, StreamFormat.MAGIC_BYTES);
        if (!Arrays.equals(
                head, 0, magicBytes, FrameCodec.littleEndianBytes(StreamFormat.SKIPPABLE_MAGIC), 0, magicBytes)) {
            throw notAStream("the input is not a stream of bpipe-reader but " + ForeignInput.describe(head));
        }
        Frame frame = frame(head, 0);
        if (known(frame)) {
            return frame;
        }
        accept(frame);
        return next();
    }

    /** The next frame of a kind that we know; frames that may be skipped are. */
    Frame next() throws IOException {
        while (true) {
            long start = offset;
            byte[] head = read(StreamFormat.SKIPPABLE_HEAD_BYTES);
            if (head.length == 0) {
                throw truncated(start, "the stream ends before its trailer");
            }
            Frame frame = frame(head, start);
            if (known(frame)) {
                return frame;
            }
            accept(frame);
        }
    }

    /** Counts the frame into the digest; not done for the trailer, which the digest stands in. */
    void accept(Frame frame) {
        digest.update(frame.bytes());
    }

    /** Bytes that belong to the frame before them. */
    byte[] payload(int length) throws IOException {
        byte[] bytes = read(length);
        if (bytes.length < length) {
            throw truncated(offset, "the stream ends within a block, " + (length - bytes.length) + " bytes early");
        }
        digest.update(bytes);
        return bytes;
    }

    /** Refuses anything after the trailer. */
    void requireEnd() throws IOException {
        long start = offset;
        if (read(1).length > 0) {
            throw damaged(start, "there are bytes after the trailer");
        }
    }

    private Frame frame(byte[] head, long start) throws IOException {
        if (head.length < StreamFormat.SKIPPABLE_HEAD_BYTES) {
            throw truncated(offset, "the stream ends within a frame");
        }
        int magic = FrameCodec.littleEndianInt(head, 0);
        if (magic == StreamFormat.ZSTD_MAGIC) {
            throw damaged(start, "a zstd frame that no block frame announces");
        }
        if (magic != StreamFormat.SKIPPABLE_MAGIC) {
            throw damaged(
                    start, String.format("magic number %08x, expected %08x", magic, StreamFormat.SKIPPABLE_MAGIC));
        }
        long length = Integer.toUnsignedLong(FrameCodec.littleEndianInt(head, 4));
        if (length < StreamFormat.FRAME_HEAD_BYTES || length > StreamFormat.MAX_FRAME_BYTES) {
            throw damaged(
                    start,
                    "a frame of " + length + " bytes, allowed are " + StreamFormat.FRAME_HEAD_BYTES + " to "
                            + StreamFormat.MAX_FRAME_BYTES);
        }
        byte[] content = read((int) length);
        if (content.length < length) {
            throw truncated(offset, "the stream ends within a frame");
        }
        checkContent(content, start);
        byte[] bytes = Arrays.copyOf(head, head.length + content.length);
        System.arraycopy(content, 0, bytes, head.length, content.length);
        return new Frame(content[StreamFormat.SIGNATURE.length], bytes, start);
    }

    private static void checkContent(byte[] content, long start) throws StreamException {
        if (!FrameCodec.isOurs(content)) {
            if (start == 0) {
                throw notAStream("the input is not a stream of bpipe-reader but " + ForeignInput.ZSTD);
            }
            throw damaged(start, "a frame without the signature BPS");
        }
        int versionAt = StreamFormat.SIGNATURE.length - 1;
        if (content[versionAt] != StreamFormat.SIGNATURE[versionAt]) {
            throw new StreamException(
                    ExitCode.UNSUPPORTED_STREAM,
                    start,
                    "the stream has major version " + printable(content[versionAt]) + ", known is "
                            + (char) StreamFormat.SIGNATURE[versionAt]);
        }
        int crc = FrameCodec.littleEndianInt(content, StreamFormat.SIGNATURE.length + 1);
        if (crc != FrameCodec.crc(content, StreamFormat.FRAME_HEAD_BYTES)) {
            throw damaged(start, "the CRC32C of a frame is wrong");
        }
    }

    /** False for a frame that may be skipped; one that may not and is not known is refused. */
    private static boolean known(Frame frame) throws StreamException {
        byte kind = frame.kind();
        if (kind >= 'a' && kind <= 'z') {
            return false;
        }
        switch (kind) {
            case StreamFormat.HEADER,
                    StreamFormat.BLOCK,
                    StreamFormat.OBJECTS,
                    StreamFormat.TRAILER,
                    StreamFormat.ABORT -> {
                return true;
            }
            default ->
                throw new StreamException(
                        ExitCode.UNSUPPORTED_STREAM,
                        frame.offset(),
                        "frames of kind " + printable(kind) + " are not known");
        }
    }

    private byte[] read(int length) throws IOException {
        try {
            byte[] bytes = in.readNBytes(length);
            offset += bytes.length;
            return bytes;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.INPUT,
                    "reading the input failed at byte " + offset + ": " + e.getMessage(),
                    "look at the medium or the connection it comes from",
                    e);
        }
    }

    private static String printable(byte b) {
        return b > ' ' && b < 0x7F ? String.valueOf((char) b) : String.format("0x%02x", b);
    }

    private static StreamException notAStream(String message) {
        return new StreamException(ExitCode.NOT_A_STREAM, 0, message);
    }

    private static StreamException truncated(long offset, String message) {
        return new StreamException(ExitCode.TRUNCATED_STREAM, offset, message);
    }

    private static StreamException damaged(long offset, String message) {
        return new StreamException(ExitCode.DAMAGED_STREAM, offset, message);
    }
}
