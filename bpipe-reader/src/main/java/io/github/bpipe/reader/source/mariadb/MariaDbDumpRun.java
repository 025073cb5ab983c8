package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Child;
import io.github.bpipe.core.process.Command;
import java.io.Closeable;
import java.io.IOException;
import java.io.PushbackInputStream;

/** One run of the dump program. */
final class MariaDbDumpRun implements Closeable {
    /** What a pipe holds; a longer read makes the JVM allocate and free as much native memory each time. */
    private static final int READ_BYTES = 64 << 10;

    /** When to read on. */
    interface Pace {
        void await() throws IOException;
    }

    private final MariaDbClients clients;
    private final String database;
    private final Child child;
    private final PushbackInputStream in;
    private volatile boolean closed;

    private MariaDbDumpRun(MariaDbClients clients, String database, Child child) {
        this.clients = clients;
        this.database = database;
        this.child = child;
        this.in = new PushbackInputStream(child.stdout(), 1);
    }

    static MariaDbDumpRun start(MariaDbClients clients, String database, Command command) throws Failure {
        return new MariaDbDumpRun(clients, database, Child.start(command));
    }

    /**
     * Waits until the program prints, or has ended. What it prints first (comments and settings) is less than it writes at
     * once, so that it has taken its snapshot by then, and has found the tables that it was told.
     */
    void awaitStart() throws Failure {
        byte[] first = new byte[1];
        if (read(first) > 0) {
            try {
                in.unread(first);
            } catch (IOException e) {
                throw new IllegalStateException("there is room for what was read", e);
            }
        }
    }

    /** Hands everything on, to the end of the output; then the program must have ended well. */
    void read(MariaDbSplitter splitter) throws IOException {
        read(splitter, () -> {});
    }

    /**
     * As above, at the pace of another.
     *
     * @param pace waits before each read
     */
    void read(MariaDbSplitter splitter, Pace pace) throws IOException {
        byte[] buffer = new byte[READ_BYTES];
        pace.await();
        for (int n = read(buffer); n >= 0; n = read(buffer)) {
            splitter.feed(buffer, 0, n);
            pace.await();
        }
        int status = child.await();
        if (status != 0) {
            throw failure(status, child.stderr());
        }
    }

    /** From any thread, repeatedly. */
    @Override
    public void close() {
        closed = true;
        child.close();
    }

    private int read(byte[] buffer) throws Failure {
        try {
            return in.read(buffer);
        } catch (IOException e) {
            throw new Failure(
                    closed ? ExitCode.INTERRUPTED : ExitCode.DUMP_FAILED,
                    "the dump of " + database + " was ended: " + e.getMessage(),
                    "run it again",
                    e);
        }
    }

    /** What a failed dump means; never a matter of the connection alone, since that has just been proven. */
    private Failure failure(int status, String stderr) {
        String message = stderr.strip();
        String line = message.isEmpty()
                ? "exit status " + status
                : message.lines().findFirst().orElse(message);
        if (message.contains("Couldn't find table")) {
            return altered(line);
        }
        return switch (MariaDbClients.errorNumber(message)) {
            case 1412, 1146 -> altered(line);
            case 2006, 2013 ->
                new Failure(
                        ExitCode.DUMP_FAILED,
                        "the server ended the dump of " + database + ": " + line,
                        "look into the server's log; where the receiver stopped for longer than the server's"
                                + " net_write_timeout, raise that, or let Bareos spool");
            case 1044, 1045, 1142, 1143, 1227, 1370 -> clients.failure(status, stderr);
            default ->
                new Failure(
                        ExitCode.DUMP_FAILED,
                        "the dump of " + database + " failed: " + line,
                        "look into the server's log, and run the dump program by hand");
        };
    }

    private static Failure altered(String line) {
        return new Failure(
                ExitCode.DUMP_FAILED,
                "a table was altered or dropped during the dump: " + line,
                "run it again, when nobody alters tables");
    }
}
