package io.github.bpipe.core.cli;

import java.util.concurrent.locks.LockSupport;

/** The end of the process, whose status tells a signal from everything that follows from it. */
public final class ProcessExit {
    private ProcessExit() {}

    /**
     * Ends the process with that status, or with the signal's (128 + its number) where one ends it already; never
     * returns.
     */
    public static void with(int status) {
        if (isUnderWay()) {
            awaitEnd();
        }
        System.exit(status);
    }

    /** When all hooks have run, an exit in Java 17 would not wait for the signal's, but overtake it. */
    private static void awaitEnd() {
        while (true) {
            boolean unused = Thread.interrupted();
            LockSupport.park();
        }
    }

    /** True when the process ends, though hooks may not run yet. */
    static boolean isUnderWay() {
        Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException e) {
            return true;
        }
    }
}
