package io.github.bpipe.core.stream;

import com.github.luben.zstd.ZstdCompressCtx;

/** What one thread compresses with: a thorough level of zstd and a fast one, or one that somebody has chosen. */
final class ZstdLevels {
    private static final int FAST = 1;
    /**
     * Its tables are made half as large as zstd's own, 384 KiB, so that they stay in the cache of a small core: a sixth less
     * time, for streams that are 3 % smaller (rows) to 1 % larger (prose).
     */
    private static final int THOROUGH = 3;

    private final ZstdCompressCtx thorough;
    private final ZstdCompressCtx fast;

    /** @param level 1 to 19, or {@link StreamEncoder#LEVEL_BY_CONTENT} */
    ZstdLevels(int level) {
        if (level == StreamEncoder.LEVEL_BY_CONTENT) {
            thorough = context(THOROUGH);
            fast = context(FAST);
        } else {
            thorough = context(level);
            fast = thorough;
        }
    }

    /** Compresses into a frame, and returns its length. */
    int thorough(byte[] raw, int length, byte[] into) {
        return thorough.compressByteArray(into, 0, into.length, raw, 0, length);
    }

    /** As {@link #thorough}, in about two thirds of the time. */
    int fast(byte[] raw, int length, byte[] into) {
        return fast.compressByteArray(into, 0, into.length, raw, 0, length);
    }

    private static ZstdCompressCtx context(int level) {
        ZstdCompressCtx context =
                new ZstdCompressCtx().setLevel(level).setChecksum(true).setContentSize(true);
        return level == THOROUGH ? context.setHashLog(16).setChainLog(15).setMinMatch(6) : context;
    }
}
