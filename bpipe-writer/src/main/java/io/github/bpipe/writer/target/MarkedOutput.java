package io.github.bpipe.writer.target;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * What a client prints that runs a script. Nobody wants it, but for marks: a script that selects one tells that
 * everything before was executed.
 */
public final class MarkedOutput {
    /** Random, so that no content can pretend to be it; only its first byte is a tilde. */
    private final String mark = "~" + UUID.randomUUID();

    private final byte[] line = (mark + '\n').getBytes(StandardCharsets.US_ASCII);
    private final InputStream output;
    private final Thread drain;
    private long awaited;
    private long seen;
    private boolean ended;

    /**
     * Begins to read.
     *
     * @param output of the client, which prints a row without heading or alignment, and at once
     */
    public MarkedOutput(InputStream output) {
        this.output = output;
        drain = new Thread(this::drain, "script-output");
        drain.setDaemon(true);
        drain.start();
    }

    /** The text to select. */
    public String mark() {
        return mark;
    }

    /** Waits for one more mark; false when the output has ended before it. */
    public synchronized boolean awaitMark() throws Failure {
        awaited++;
        try {
            while (seen < awaited && !ended) {
                wait();
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        return seen >= awaited;
    }

    /** Waits for the end of the output. */
    public void awaitEnd() throws Failure {
        try {
            drain.join();
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static Failure interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new Failure(ExitCode.INTERRUPTED, "interrupted while a script ran", "run it again", e);
    }

    private void drain() {
        byte[] buffer = new byte[8192];
        int matched = 0;
        try {
            for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
                for (int i = 0; i < n; i++) {
                    matched = buffer[i] == line[matched] ? matched + 1 : buffer[i] == line[0] ? 1 : 0;
                    if (matched == line.length) {
                        matched = 0;
                        note(1, false);
                    }
                }
            }
        } catch (IOException e) {
            // the client is gone; its status tells
        } finally {
            note(0, true);
        }
    }

    private synchronized void note(int marks, boolean end) {
        seen += marks;
        ended |= end;
        notifyAll();
    }
}
