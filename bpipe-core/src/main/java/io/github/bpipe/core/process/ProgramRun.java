package io.github.bpipe.core.process;

import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A program under way, in a session of its own. */
final class ProgramRun {
    private final ProcessSession session;
    private final Child child;
    private final BoundedText stdout = new BoundedText();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    private ProgramRun(ProcessSession session) {
        this.session = session;
        this.child = session.child();
    }

    static ProgramRun start(Command command) throws Failure {
        ProgramRun process = new ProgramRun(ProcessSession.start(command));
        Thread watcher = new Thread(process::watch, "run-" + command.name());
        watcher.setDaemon(true);
        watcher.start();
        return process;
    }

    /** Waits for the end of the program and of all that holds its output; after the limit all of them are killed. */
    ProgramRunner.Ended await(Duration limit) throws IOException {
        try {
            int status = end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return new ProgramRunner.Ended(status, false, output());
        } catch (TimeoutException e) {
            kill();
            return new ProgramRunner.Ended(-1, true, output());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            kill();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Kills the program with all its children; may be called from any thread. */
    void kill() {
        session.kill();
    }

    private void watch() {
        try {
            child.stdin().close();
            byte[] buffer = new byte[8192];
            InputStream in = child.stdout();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                stdout.append(buffer, n);
            }
            end.complete(child.await());
        } catch (IOException | RuntimeException e) {
            end.completeExceptionally(e);
        }
    }

    private String output() {
        return (stdout + "\n" + child.stderr()).strip();
    }
}
