package io.github.bpipe.core.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.github.bpipe.core.error.ExitCode;
import java.io.Closeable;

/** Decompresses and checks blocks, one at a time, into one buffer. */
public final class BlockDecompressor implements Closeable {
    /** The bit of the zstd frame header's descriptor byte that says a content checksum follows (RFC 8878, 3.1.1.1.1). */
    private static final int CHECKSUM_FLAG = 0x04;

    private static final int DESCRIPTOR_AT = 4;

    private final ZstdDecompressCtx context = new ZstdDecompressCtx();
    private byte[] buffer = new byte[StreamFormat.BLOCK_BYTES];

    /**
     * Decompresses a block into {@link #buffer()}.
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
        if (buffer.length < head.raw()) {
            buffer = new byte[head.raw()];
        }
        try {
            int raw = context.decompressByteArray(buffer, 0, head.raw(), zstd, 0, zstd.length);
            if (raw != head.raw()) {
                throw damaged(block, "block " + head.n() + " yields " + raw + " bytes, not " + head.raw());
            }
            return raw;
        } catch (ZstdException e) {
            throw damaged(block, "block " + head.n() + " is damaged (" + e.getMessage() + ")");
        }
    }

    /** Valid until the next block is decompressed. */
    public byte[] buffer() {
        return buffer;
    }

    @Override
    public void close() {
        context.close();
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
