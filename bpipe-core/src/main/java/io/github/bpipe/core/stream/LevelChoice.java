package io.github.bpipe.core.stream;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Chooses the level for each block by what both levels make of an earlier block of the same object. The rows of most
 * tables are keys, numbers and short texts, which the fast level makes as small as the thorough one, or smaller; prose
 * gets an eighth smaller by the thorough one.
 *
 * <p>The first block of an object, often the only one, is compressed thoroughly; the second one in both ways, and so is
 * each {@value #TRIAL_EVERY}th behind it. The choice depends on the blocks alone, not on how many threads compress them.
 */
final class LevelChoice {
    /** Compresses one block with what a thread has for it; may wait for what an earlier one has shown. */
    interface Way {
        int compress(ZstdLevels levels, byte[] raw, int length, byte[] into) throws InterruptedException;
    }

    private static final int TRIAL_EVERY = 32;
    /** The thorough level takes about half as long again; that must bring at least so much. */
    private static final double WORTH = 0.96;

    /** Objects whose blocks may come by turns; one that was forgotten begins anew. */
    private static final int OBJECTS = 64;

    private final boolean byContent;
    private final Map<String, OfObject> objects = new LinkedHashMap<>(OBJECTS, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, OfObject> eldest) {
            return size() > OBJECTS;
        }
    };

    /** @param level as {@link ZstdLevels} takes it */
    LevelChoice(int level) {
        this.byContent = level == StreamEncoder.LEVEL_BY_CONTENT;
    }

    /**
     * For the next block of an object; not from several threads.
     *
     * @param object its name; of no meaning where it has none
     */
    Way next(String object) {
        return byContent
                ? objects.computeIfAbsent(String.valueOf(object), name -> new OfObject())
                        .next()
                : ZstdLevels::thorough;
    }

    private static final class OfObject {
        private int blocks;
        private Trial trial;

        Way next() {
            int block = blocks++;
            if (block == 0) {
                return ZstdLevels::thorough;
            }
            if (block % TRIAL_EVERY == 1) {
                trial = new Trial();
                return trial::compress;
            }
            return trial::compressAsShown;
        }
    }

    /** A block that shows which level suits those behind it. */
    private static final class Trial {
        private final CompletableFuture<Boolean> thoroughIsWorthIt = new CompletableFuture<>();

        int compress(ZstdLevels levels, byte[] raw, int length, byte[] into) {
            try {
                int thorough = levels.thorough(raw, length, into);
                int fast = levels.fast(raw, length, into);
                boolean worthIt = thorough < WORTH * fast;
                thoroughIsWorthIt.complete(worthIt);
                return worthIt ? levels.thorough(raw, length, into) : fast;
            } catch (RuntimeException | Error e) {
                thoroughIsWorthIt.completeExceptionally(e);
                throw e;
            }
        }

        /** The block of the trial has been given to a thread before this one, so that its end is near. */
        int compressAsShown(ZstdLevels levels, byte[] raw, int length, byte[] into) throws InterruptedException {
            try {
                return thoroughIsWorthIt.get() ? levels.thorough(raw, length, into) : levels.fast(raw, length, into);
            } catch (ExecutionException e) {
                throw new IllegalStateException("the trial failed", e.getCause());
            }
        }
    }
}
