package io.github.bpipe.core.cli;

import io.github.bpipe.core.error.Failure;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The only place from which the programs write to stderr. */
public final class Messages {
    private static final String CLEAR_LINE = "\r\u001b[K";

    private final String program;
    private final PrintStream err;
    private final boolean terminal;
    private final CountDownLatch errorShown = new CountDownLatch(1);
    private boolean lineShown;

    public Messages(String program, Surroundings surroundings) {
        this.program = program;
        this.err = surroundings.err();
        this.terminal = surroundings.errIsTerminal();
    }

    /** What failed, then the next step. */
    public synchronized void error(Failure failure) {
        clear();
        err.println(program + ": error: " + Printable.text(failure.getMessage()));
        if (failure.hint() != null) {
            err.println("hint: " + Printable.text(failure.hint()));
        }
        err.flush();
        errorShown.countDown();
    }

    /** Waits until an error was shown, in another thread. */
    boolean awaitError(Duration limit) throws InterruptedException {
        return errorShown.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    public synchronized void warning(String text) {
        clear();
        err.println(program + ": warning: " + Printable.text(text));
        err.flush();
    }

    public synchronized void info(String text) {
        clear();
        err.println(program + ": " + Printable.text(text));
        err.flush();
    }

    /** A line that the next message or the next such line replaces; only for terminals. */
    public synchronized void transientLine(String text) {
        err.print(CLEAR_LINE + Printable.text(text));
        err.flush();
        lineShown = true;
    }

    public synchronized void stackTrace(Throwable thrown) {
        clear();
        thrown.printStackTrace(err);
    }

    public boolean onTerminal() {
        return terminal;
    }

    private void clear() {
        if (lineShown) {
            err.print(CLEAR_LINE);
            lineShown = false;
        }
    }
}
