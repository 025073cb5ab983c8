package io.github.bpipe.core.stream;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Writes a stream: header, blocks, objects, trailer; or the abort frame in place of whatever is missing.
 *
 * <p>Blocks are compressed by several threads and written in order by one more ({@link BlockCompressor}). The state
 * only moves forward. {@link #finish} writes the trailer; closing without it leaves a stream that every reader
 * refuses. A failure to write is sticky: every later call fails with the same cause.
 */
public final class StreamEncoder implements BlockSink, Closeable {
    /** In place of a level: 3 for the first block of each object, then the level that suits it ({@link LevelChoice}). */
    public static final int LEVEL_BY_CONTENT = 0;

    private enum State {
        HEADER,
        BLOCKS,
        DONE
    }

    private final OutputStream out;
    private final MessageDigest digest;
    private final BlockCompressor compressor;
    private final AtomicLong bytesWritten = new AtomicLong();
    private State state = State.HEADER;
    private volatile IOException failure;

    /**
     * Begins a stream; nothing is written yet.
     *
     * @param out where the stream goes; closed by the caller
     * @param level of zstd, 1 to 19, or {@link #LEVEL_BY_CONTENT}
     * @param threads that compress
     * @param onBroken called once, from another thread, when the output fails while blocks are under way, so that a
     *     dump that waits for its next bytes can be ended at once
     */
    public StreamEncoder(OutputStream out, int level, int threads, Runnable onBroken) {
        this.out = out;
        this.digest = FrameCodec.sha256();
        this.compressor = new BlockCompressor(level, threads, this::write, onBroken);
    }

    /** Writes the H frame. */
    public void header(Header header) throws IOException {
        require(State.HEADER);
        write(FrameCodec.encode(StreamFormat.HEADER, header));
        flush();
        state = State.BLOCKS;
    }

    @Override
    public byte[] block(Phase phase, String object, byte[] filled, int length, long rows, boolean continues)
            throws IOException {
        require(State.BLOCKS);
        return compressor.submit(
                object,
                filled,
                (n, stored) -> new BlockHead(n, phase, object, length, stored, rows, continues),
                length);
    }

    @Override
    public byte[] lastBlock(String object, byte[] filled, int length, long rows) throws IOException {
        require(State.BLOCKS);
        return compressor.submit(
                object,
                filled,
                (n, stored) -> new BlockHead(n, Phase.DATA, object, length, stored, rows, false, true),
                length);
    }

    /**
     * Writes what is under way, the O frames and the T frame. To be called only when the native dump has ended well
     * and its own end marker was seen.
     *
     * @param objects everything that the stream holds
     * @param longest bytes of the longest statement
     * @return the trailer as written
     */
    public Trailer finish(List<ObjectEntry> objects, long longest) throws IOException {
        require(State.BLOCKS);
        compressor.drain();
        ObjectFrames.write(objects, frame -> write(FrameCodec.encode(StreamFormat.OBJECTS, frame)));
        long rows = objects.stream()
                .mapToLong(entry -> entry.rows() == null ? 0 : entry.rows())
                .sum();
        Trailer trailer = new Trailer(
                compressor.blocks(),
                objects.size(),
                compressor.rawBytes(),
                rows,
                longest,
                HexFormat.of().formatHex(digest.digest()),
                Instant.now());
        write(FrameCodec.encode(StreamFormat.TRAILER, trailer));
        flush();
        state = State.DONE;
        return trailer;
    }

    /** Ends the stream as failed, from whatever state; what is under way is written first. */
    public void abort(Abort abort) throws IOException {
        throwFailure();
        if (state == State.DONE) {
            throw new IllegalStateException("the stream has already ended");
        }
        state = State.DONE;
        compressor.drain();
        write(FrameCodec.encode(StreamFormat.ABORT, abort));
        flush();
    }

    /** Bytes of the stream written so far; may be read from another thread. */
    public long bytesWritten() {
        return bytesWritten.get();
    }

    /** What broke the output, if anything did; then a source that was closed fails only as a consequence. */
    public Optional<IOException> failure() {
        return Optional.ofNullable(failure != null ? failure : compressor.failure());
    }

    /** Ends the compressing threads; writes nothing, and nothing can be written afterwards. */
    @Override
    public void close() {
        state = State.DONE;
        compressor.close();
    }

    private void write(byte[] bytes) throws IOException {
        write(bytes, bytes.length);
    }

    private void write(byte[] bytes, int length) throws IOException {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw outputFailure(e);
        }
        digest.update(bytes, 0, length);
        bytesWritten.addAndGet(length);
    }

    private void flush() throws IOException {
        try {
            out.flush();
        } catch (IOException e) {
            throw outputFailure(e);
        }
    }

    private IOException outputFailure(IOException e) {
        String cause = e instanceof InterruptedIOException ? "interrupted" : e.getMessage();
        failure = new Failure(
                ExitCode.OUTPUT,
                "writing the stream failed: " + cause,
                "look for a full disk, or for a receiver that ended early (a cancelled job closes the pipe)",
                e);
        return failure;
    }

    private void throwFailure() throws IOException {
        if (failure != null) {
            throw failure;
        }
    }

    private void require(State expected) throws IOException {
        throwFailure();
        if (state != expected) {
            throw new IllegalStateException("the stream is in state " + state + ", not " + expected);
        }
    }
}
