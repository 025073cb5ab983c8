package io.github.bpipe.reader.source.postgres;

import io.github.bpipe.core.engine.PostgresClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.function.BooleanSupplier;

/** One run of a client program that prints a part of the dump. */
final class PostgresRun {
    /** Takes what the program prints. */
    interface Reading {
        void read(InputStream in) throws IOException;
    }

    private static final int MESSAGE_CHARS = 1000;

    private final String program;
    private final Child child;
    private final PostgresClients clients;
    private final BooleanSupplier closed;
    private final PushbackInputStream in;

    /**
     * A program that has been started.
     *
     * @param program its name, for messages
     * @param clients know what its errors mean
     * @param closed true where the source was closed, so that what the program says is of no meaning
     */
    PostgresRun(String program, Child child, PostgresClients clients, BooleanSupplier closed) {
        this.program = program;
        this.child = child;
        this.clients = clients;
        this.closed = closed;
        this.in = new PushbackInputStream(child.stdout(), 1);
    }

    /** The failure of a source that was closed. */
    static Failure ended() {
        return new Failure(ExitCode.INTERRUPTED, "the dump was ended before it was complete", "run it again");
    }

    /** Waits until the program prints. */
    void awaitStart() throws IOException {
        int first = first();
        if (first < 0) {
            throw failed(child.await());
        }
        in.unread(first);
    }

    /** What the program reads. */
    OutputStream stdin() {
        return child.stdin();
    }

    /** Reads to the end of the output, and proves that the program has ended well. */
    void read(Reading reading) throws IOException {
        Failure problem = null;
        try {
            reading.read(in);
        } catch (Failure e) {
            if (e.exitCode() != ExitCode.DUMP_FAILED) {
                throw e;
            }
            problem = e;
        } catch (IOException e) {
            throw closed.getAsBoolean() ? ended() : e;
        }
        // where the output has ended, the status says more than what is missing
        if (first() < 0) {
            int status = child.await();
            if (status != 0) {
                throw failed(status);
            }
        }
        if (problem != null) {
            throw problem;
        }
    }

    private int first() throws IOException {
        try {
            return in.read();
        } catch (IOException e) {
            throw closed.getAsBoolean() ? ended() : e;
        }
    }

    private Failure failed(int status) {
        if (closed.getAsBoolean()) {
            return ended();
        }
        Failure meaning = clients.failure(status, child.stderr());
        ExitCode code =
                switch (meaning.exitCode()) {
                    case BUSY, PRIVILEGE, UNSUITABLE -> meaning.exitCode();
                    default -> ExitCode.DUMP_FAILED;
                };
        String stderr = child.stderr().strip().replaceAll("\\s*\\n\\s*", "; ");
        return new Failure(
                code,
                program + " failed with exit status " + status + ": "
                        + stderr.substring(0, Math.min(MESSAGE_CHARS, stderr.length())),
                code == ExitCode.DUMP_FAILED ? "look into the server's log, and run it again" : meaning.hint());
    }
}
