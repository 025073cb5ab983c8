package io.github.bpipe.core.process;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunProcess;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program under way: in a session of its own (setsid of util-linux), by which it is found with all its children, also
 * those whose parents have ended.
 */
final class ProgramRun {
    private static final int MOST_ROUNDS = 50;
    private static final Duration TIME_TO_DIE = Duration.ofMillis(200);

    private final Child child;
    private final BoundedText stdout = new BoundedText();
    private final CompletableFuture<Integer> end = new CompletableFuture<>();

    private ProgramRun(Child child) {
        this.child = child;
    }

    static ProgramRun start(Command command) throws Failure {
        Command inSession = new Command("setsid", List.of(command.program()), command.environment());
        ProgramRun process = new ProgramRun(Child.start(inSession.with(command.arguments())));
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
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<ProcessHandle> victims = family();
            if (victims.isEmpty()) {
                break;
            }
            victims.forEach(ProcessHandle::destroyForcibly);
            victims.forEach(ProgramRun::awaitEnd);
        }
        child.close();
    }

    /** Who is still alive of them; a child that is born meanwhile is found in the next round. */
    private List<ProcessHandle> family() {
        Stream<ProcessHandle> own = ProcessHandle.of(child.pid()).stream()
                .flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()));
        Stream<ProcessHandle> session = ProcessHandle.allProcesses().filter(handle -> RunProcess.of(handle.pid())
                .filter(process -> process.session() == child.pid())
                .isPresent());
        // a handle calls one alive that has ended and that nobody has waited for
        return Stream.concat(own, session)
                .distinct()
                .filter(handle -> RunProcess.of(handle.pid()).isPresent())
                .toList();
    }

    private static void awaitEnd(ProcessHandle handle) {
        try {
            handle.onExit().get(TIME_TO_DIE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            // it waits for a device, or nobody waits for it: the next round tells
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
