package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Command;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;

/** The runs of the dump program that belong to one dump. From any thread. */
final class MariaDbRuns implements Closeable {
    private final MariaDbClients clients;
    private final String database;
    private final List<MariaDbDumpRun> runs = new ArrayList<>();
    private boolean closed;

    MariaDbRuns(MariaDbClients clients, String database) {
        this.clients = clients;
        this.database = database;
    }

    synchronized MariaDbDumpRun start(Command command) throws Failure {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the dump was ended before it began", "run it again");
        }
        MariaDbDumpRun run = MariaDbDumpRun.start(clients, database, command);
        runs.add(run);
        return run;
    }

    /** Ends those under way; others may follow. */
    synchronized void endAll() {
        runs.forEach(MariaDbDumpRun::close);
        runs.clear();
    }

    @Override
    public synchronized void close() {
        closed = true;
        endAll();
    }
}
