package io.github.bpipe.core.process;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.RunProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A program in a session of its own (setsid of util-linux), by which it is found with all its children, also those whose
 * parents have ended.
 */
public final class ProcessSession {
    private static final int MOST_ROUNDS = 50;
    private static final Duration TIME_TO_DIE = Duration.ofMillis(200);

    private final Child child;

    private ProcessSession(Child child) {
        this.child = child;
    }

    /** Starts a program in one. */
    public static ProcessSession start(Command command) throws Failure {
        Command setsid = new Command("setsid", List.of(command.program()), command.environment());
        return new ProcessSession(Child.start(setsid.with(command.arguments())));
    }

    /** The program itself. */
    public Child child() {
        return child;
    }

    /** Kills the program with all its children; from any thread, repeatedly. */
    public void kill() {
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<ProcessHandle> victims = family();
            if (victims.isEmpty()) {
                break;
            }
            victims.forEach(ProcessHandle::destroyForcibly);
            victims.forEach(ProcessSession::awaitEnd);
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
}
