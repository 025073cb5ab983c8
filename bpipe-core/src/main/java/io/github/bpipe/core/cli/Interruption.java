package io.github.bpipe.core.cli;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * SIGTERM and SIGINT while a dump or a restore is under way: it is told to end, and the process waits a moment so that
 * it can end in order and say why.
 */
public final class Interruption implements Closeable {
    private static final Duration TIME_TO_TELL = Duration.ofSeconds(1);

    private final String what;
    private final Runnable end;
    private final Duration grace;
    private final Messages messages;
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupt, "bpipe-interruption");
    private volatile boolean interrupted;
    private volatile boolean explained;

    /**
     * Watches for signals until closed.
     *
     * @param what is under way: "dump" or "restore"
     * @param end makes it end soon; called from another thread
     * @param grace for how long the other threads may take to end after that
     * @param messages where the failure will be shown; the process ends no sooner
     */
    public Interruption(String what, Runnable end, Duration grace, Messages messages) {
        this.what = what;
        this.end = end;
        this.grace = grace;
        this.messages = messages;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * What went wrong: the signal where there was one, since everything else follows from it.
     *
     * @param otherwise the class of an input or output error that nobody has explained
     */
    public Failure explain(Exception e, ExitCode otherwise) {
        // our hook may not run yet
        if (interrupted || ProcessExit.isUnderWay()) {
            explained = true;
            return signalled(e);
        }
        if (e instanceof Failure failure) {
            return failure;
        }
        if (e instanceof IOException) {
            return new Failure(otherwise, "the " + what + " failed: " + e.getMessage(), "run it again with --debug", e);
        }
        return new Failure(
                ExitCode.INTERNAL, "a defect in the program: " + e, "run it again with --debug and report it", e);
    }

    @Override
    public void close() {
        done.countDown();
        if (!interrupted) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // the process is ending already: the hook runs and finds everything done
                interrupted = true;
            }
        }
    }

    private Failure signalled(Exception cause) {
        return new Failure(ExitCode.INTERRUPTED, "the " + what + " was ended by a signal", "run it again", cause);
    }

    private void interrupt() {
        interrupted = true;
        end.run();
        try {
            if (!done.await(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                // it waits for input or output that does not come: nobody else will say it
                messages.error(signalled(null));
            } else if (explained) {
                boolean unused = messages.awaitError(TIME_TO_TELL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
