package io.github.bpipe.core.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.github.bpipe.core.error.ExitCode;
import java.io.Closeable;
import java.nio.ByteBuffer;

/**
 * Decompresses and checks blocks, one at a time, into one buffer.
 *
 * <p>The buffers lie outside of the heap: with arrays, zstd-jni holds up the garbage collection of all threads for as
 * long as it works on one, and several threads that decompress could starve it.
 */
public final class BlockDecompressor implements Closeable {
    /** The bit of the zstd frame header's descriptor byte that says a content checksum follows (RFC 8878, 3.1.1.1.1). */
    private static final int CHECKSUM_FLAG = 0x04;

    private static final int DESCRIPTOR_AT = 4;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private ByteBuffer stored = ByteBuffer.allocateDirect(StreamFormat.BLOCK_BYTES);
    private ByteBuffer content = ByteBuffer.allocateDirect(StreamFormat.BLOCK_BYTES);
    private byte[] array = new byte[0];

    /**
     * Decompresses a block into {@link #content()}.
     *
     * @return how many bytes: {@code head.raw()}
     */
    public int decompress(StoredBlock block) throws StreamException {
        BlockHead head = block.head();
        byte[] zstd = block.zstd();
        if (zstd.length <= DESCRIPTOR_AT || FrameCodec.littleEndianInt(zstd, 0) != StreamFormat.ZSTD_MAGIC) {
            throw damaged(block, "no zstd frame in block " + head.n());
        }
        if ((zstd[DESCRIPTOR_AT] & CHECKSUM_FLAG) == 0) {
            throw damaged(block, "no content checksum in block " + head.n());
        }
        long contentSize = Zstd.getFrameContentSize(zstd);
        if (contentSize < 0) {
            throw damaged(block, "no content size in block " + head.n());
        }
        if (contentSize != head.raw()) {
            throw damaged(
                    block, "block " + head.n() + " promises " + head.raw() + " raw bytes and holds " + contentSize);
        }
        if (frameBytes(zstd) != zstd.length) {
            throw damaged(block, "the zstd frame of block " + head.n() + " is not " + zstd.length + " bytes long");
        }
        stored = ofCapacity(stored, zstd.length).put(zstd).flip();
        content = ofCapacity(content, head.raw());
        try {
            int raw = context.decompressDirectByteBuffer(content, 0, head.raw(), stored, 0, zstd.length);
            if (raw != head.raw()) {
                throw damaged(block, "block " + head.n() + " yields " + raw + " bytes, not " + head.raw());
            }
            content.limit(raw);
            return raw;
        } catch (ZstdException e) {
            throw damaged(block, "block " + head.n() + " is damaged (" + e.getMessage() + ")");
        }
    }

    /** Fails where the content of a block is not what its head promises. */
    public static void check(StoredBlock block) throws StreamException {
        try (BlockDecompressor decompressor = new BlockDecompressor()) {
            decompressor.decompress(block);
        }
    }

    /** What was decompressed last, from index 0 to the limit; valid until the next block is. */
    public ByteBuffer content() {
        return content;
    }

    /** A copy of {@link #content()} from index 0; valid until the next block is decompressed. */
    public byte[] buffer() {
        if (array.length < content.limit()) {
            array = new byte[content.limit()];
        }
        content.get(0, array, 0, content.limit());
        return array;
    }

    @Override
    public void close() {
        context.close();
    }

    /** The buffer, empty, or a larger one in its place. */
    private static ByteBuffer ofCapacity(ByteBuffer buffer, int bytes) {
        return buffer.capacity() < bytes ? ByteBuffer.allocateDirect(bytes) : buffer.clear();
    }

    /** Length of the zstd frame that the array begins with, or -1 where it does not end in it. */
    private static long frameBytes(byte[] zstd) {
        try {
            return Zstd.findFrameCompressedSize(zstd);
        } catch (ZstdException e) {
            return -1;
        }
    }

    private static StreamException damaged(StoredBlock block, String message) {
        return new StreamException(ExitCode.DAMAGED_STREAM, block.offset(), message);
    }
}
