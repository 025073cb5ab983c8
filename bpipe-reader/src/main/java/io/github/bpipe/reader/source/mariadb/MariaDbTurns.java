package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.time.Duration;

/**
 * Lets so many shares be read at full speed, in their order. The others are read a little now and then, because the server
 * ends a session from which nobody reads for {@code net_write_timeout} (60 s), and their snapshot could not be taken later.
 */
final class MariaDbTurns {
    private final int atOnce;
    private final Duration pause;
    private int ended;

    /**
     * At the first share's turn.
     *
     * @param pause between two reads of a share whose turn has not come
     */
    MariaDbTurns(int atOnce, Duration pause) {
        this.atOnce = atOnce;
        this.pause = pause;
    }

    /** Waits for the turn of that share, for one pause at most. */
    synchronized void await(int share) throws Failure {
        long end = System.nanoTime() + pause.toNanos();
        try {
            for (long left = pause.toMillis();
                    left > 0 && share >= ended + atOnce;
                    left = (end - System.nanoTime()) / 1_000_000) {
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERRUPTED, "the dump was ended", "run it again", e);
        }
    }

    /** One share, whichever, was read to its end. */
    synchronized void end() {
        ended++;
        notifyAll();
    }
}
