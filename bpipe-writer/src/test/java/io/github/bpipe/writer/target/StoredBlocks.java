package io.github.bpipe.writer.target;

import com.github.luben.zstd.ZstdCompressCtx;
import io.github.bpipe.core.stream.BlockHead;
import io.github.bpipe.core.stream.StoredBlock;
import java.util.Arrays;

/** Makes blocks as they stand in a stream. */
public final class StoredBlocks {
    private StoredBlocks() {}

    /**
     * A block of the first bytes of an array.
     *
     * @param head whose {@code raw} says how many; its {@code stored} is not looked at
     */
    public static StoredBlock of(BlockHead head, byte[] raw) {
        try (ZstdCompressCtx context = new ZstdCompressCtx()) {
            context.setChecksum(true);
            byte[] zstd = context.compress(Arrays.copyOf(raw, head.raw()));
            BlockHead told = new BlockHead(
                    head.n(), head.phase(), head.object(), head.raw(), zstd.length, head.rows(), head.continues());
            return new StoredBlock(told, zstd, 0);
        }
    }
}
