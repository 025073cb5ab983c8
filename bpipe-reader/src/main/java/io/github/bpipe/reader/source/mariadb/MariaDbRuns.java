package io.github.bpipe.reader.source.mariadb;

import io.github.bpipe.core.engine.MariaDbClients;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Command;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.List;

/** Starts the dump program for one database, and ends what it has started. From any thread. */
final class MariaDbRuns implements Closeable {
    private final MariaDbClients clients;
    private final MariaDbDumpProgram program;
    private final String database;
    private final boolean history;
    private final List<MariaDbDumpRun> runs = new ArrayList<>();
    private boolean closed;

    /**
     * Nothing is started yet.
     *
     * @param history whether tables keep the history of their rows
     */
    MariaDbRuns(MariaDbClients clients, MariaDbDumpProgram program, String database, boolean history) {
        this.clients = clients;
        this.program = program;
        this.database = database;
        this.history = history;
    }

    /** A dump of everything. */
    MariaDbDumpRun whole(MariaDbTableOrder order) throws Failure {
        return start(program.command(database, history, order));
    }

    /** A dump of all but the rows. */
    MariaDbDumpRun definitions() throws Failure {
        return start(program.definitions(database, history));
    }

    /** A dump of the tables of that share, with their definitions. */
    MariaDbDumpRun share(MariaDbShare share) throws Failure {
        return start(program.share(database, history, share));
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

    private synchronized MariaDbDumpRun start(Command command) throws Failure {
        if (closed) {
            throw new Failure(ExitCode.INTERRUPTED, "the dump was ended before it began", "run it again");
        }
        MariaDbDumpRun run = MariaDbDumpRun.start(clients, database, command);
        runs.add(run);
        return run;
    }
}
