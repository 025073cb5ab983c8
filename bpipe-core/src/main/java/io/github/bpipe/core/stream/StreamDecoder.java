package io.github.bpipe.core.stream;

import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a stream: {@link #header}, then {@link #nextBlock} until it returns null, which it does only after the trailer
 * was verified and the input has really ended.
 *
 * <p>Every length is bounded before anything is allocated. Errors are sticky: after a failure every later call fails
 * the same way. Blocks are handed out compressed; {@link BlockDecompressor} checks what is in them.
 */
public final class StreamDecoder {
    private enum State {
        HEADER,
        BLOCKS,
        OBJECTS,
        DONE
    }

    private final FrameInput in;
    private final MessageDigest digest = FrameCodec.sha256();
    private final List<ObjectEntry> objects = new ArrayList<>();
    private final BlockOrder order = new BlockOrder();
    private State state = State.HEADER;
    private IOException failure;
    private Header header;
    private Trailer trailer;

    /**
     * Begins with the first byte of a stream.
     *
     * @param in the stream; buffered here, closed by the caller
     */
    public StreamDecoder(InputStream in) {
        this.in = new FrameInput(in, digest);
    }

    /** Reads the H frame, or returns it again. */
    public Header header() throws IOException {
        if (state == State.HEADER) {
            sticky(this::readHeader);
        }
        throwFailure();
        return header;
    }

    /** The next block, or null when the stream has proven to be whole. */
    public StoredBlock nextBlock() throws IOException {
        header();
        if (state == State.DONE) {
            return null;
        }
        StoredBlock[] block = new StoredBlock[1];
        sticky(() -> block[0] = readBlock());
        return block[0];
    }

    /** Everything the stream promises; complete once {@link #nextBlock} returned null. */
    public List<ObjectEntry> objects() {
        return Collections.unmodifiableList(objects);
    }

    /** The trailer, once {@link #nextBlock} returned null. */
    public Trailer trailer() {
        if (trailer == null) {
            throw new IllegalStateException("the trailer was not reached");
        }
        return trailer;
    }

    /** Bytes read so far. */
    public long offset() {
        return in.offset();
    }

    private interface Step {
        void run() throws IOException;
    }

    private void sticky(Step step) throws IOException {
        throwFailure();
        try {
            step.run();
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private void readHeader() throws IOException {
        FrameInput.Frame frame = in.first();
        switch (frame.kind()) {
            case StreamFormat.HEADER -> header = frame.parse(Header.class);
            case StreamFormat.ABORT -> throw aborted(frame);
            default -> throw damaged(frame.offset(), "the stream begins with frame " + (char) frame.kind());
        }
        in.accept(frame);
        requireKeys(frame.offset());
        if (!header.kind().equals(StreamFormat.KIND_FULL)) {
            throw unsupported(frame.offset(), "streams of kind " + header.kind() + " are not known");
        }
        if (!header.requires().isEmpty()) {
            throw unsupported(frame.offset(), "the stream requires " + String.join(", ", header.requires()));
        }
        state = State.BLOCKS;
    }

    private void requireKeys(long offset) throws StreamException {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("id", header.id());
        keys.put("kind", header.kind());
        keys.put("engine", header.engine());
        keys.put("database", header.database());
        keys.put("created", header.created());
        for (Map.Entry<String, Object> key : keys.entrySet()) {
            if (key.getValue() == null) {
                throw damaged(offset, "the header names no " + key.getKey());
            }
        }
    }

    private StoredBlock readBlock() throws IOException {
        while (true) {
            FrameInput.Frame frame = in.next();
            switch (frame.kind()) {
                case StreamFormat.BLOCK -> {
                    return data(frame);
                }
                case StreamFormat.OBJECTS -> {
                    state = State.OBJECTS;
                    list(frame);
                }
                case StreamFormat.TRAILER -> {
                    finish(frame);
                    return null;
                }
                case StreamFormat.ABORT -> throw aborted(frame);
                default -> throw damaged(frame.offset(), "unexpected frame " + (char) frame.kind());
            }
            in.accept(frame);
        }
    }

    private StoredBlock data(FrameInput.Frame frame) throws IOException {
        if (state != State.BLOCKS) {
            throw damaged(frame.offset(), "a block after the list of objects");
        }
        BlockHead head = frame.parse(BlockHead.class);
        String wrong = order.accept(head);
        if (wrong != null) {
            throw damaged(frame.offset(), wrong);
        }
        in.accept(frame);
        long offset = in.offset();
        return new StoredBlock(head, in.payload(head.stored()), offset);
    }

    private void list(FrameInput.Frame frame) throws IOException {
        List<ObjectEntry> listed = frame.parse(ObjectFrames.Content.class).objects();
        if (listed == null) {
            throw damaged(frame.offset(), "an O frame without the key objects");
        }
        for (ObjectEntry entry : listed) {
            if (entry == null || entry.name() == null || entry.kind() == null) {
                throw damaged(frame.offset(), "an O frame lists an object without name or kind");
            }
            if (isNegative(entry.rows()) || isNegative(entry.raw())) {
                throw damaged(frame.offset(), "an O frame lists " + entry.name() + " with a negative number");
            }
        }
        objects.addAll(listed);
    }

    private static boolean isNegative(Long number) {
        return number != null && number < 0;
    }

    private void finish(FrameInput.Frame frame) throws IOException {
        Trailer read = frame.parse(Trailer.class);
        String sha256 = HexFormat.of().formatHex(digest.digest());
        if (!sha256.equals(read.sha256())) {
            throw damaged(frame.offset(), "the trailer's sha256 is " + read.sha256() + ", the stream's " + sha256);
        }
        String wrong = order.compare(read, objects);
        if (wrong != null) {
            throw damaged(frame.offset(), wrong);
        }
        if (read.finished() == null) {
            throw damaged(frame.offset(), "the trailer does not say when the dump finished");
        }
        in.requireEnd();
        trailer = read;
        state = State.DONE;
    }

    private static StreamException aborted(FrameInput.Frame frame) throws IOException {
        Abort abort = frame.parse(Abort.class);
        if (abort.reason() == null) {
            return damaged(frame.offset(), "the dump failed when it was made, and does not say why");
        }
        return new StreamException(
                ExitCode.ABORTED_STREAM,
                frame.offset(),
                "the dump failed when it was made: " + abort.reason() + " (frame A at byte " + frame.offset() + ")",
                abort.hint() == null
                        ? "use an older backup"
                        : "use an older backup; for the next one: " + abort.hint());
    }

    private static StreamException unsupported(long offset, String message) {
        return new StreamException(ExitCode.UNSUPPORTED_STREAM, offset, message);
    }

    private static StreamException damaged(long offset, String message) {
        return new StreamException(ExitCode.DAMAGED_STREAM, offset, message);
    }
}
