package io.github.bpipe.core.stream;

import com.github.luben.zstd.ZstdCompressCtx;
import java.util.Arrays;

/**
 * One block as it stands in the stream, still compressed.
 *
 * @param head the B frame
 * @param zstd the zstd frame, {@code head.stored()} bytes
 * @param offset of the zstd frame, in bytes from the beginning of the stream
 */
public record StoredBlock(BlockHead head, byte[] zstd, long offset) {
    /**
     * A block that comes from no stream.
     *
     * @param head its {@code stored} is not looked at
     * @param raw holds its {@code head.raw()} bytes from index 0
     */
    public static StoredBlock of(BlockHead head, byte[] raw) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            byte[] zstd = context.setLevel(1).setChecksum(true).compress(Arrays.copyOf(raw, head.raw()));
            BlockHead told = new BlockHead(
                    head.n(),
                    head.phase(),
                    head.object(),
                    head.raw(),
                    zstd.length,
                    head.rows(),
                    head.continues(),
                    head.last());
            return new StoredBlock(told, zstd, 0);
        }
    }
}
