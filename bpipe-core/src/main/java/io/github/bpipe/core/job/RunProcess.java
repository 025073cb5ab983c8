package io.github.bpipe.core.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process, told from a later one that got the same number; see proc(5), {@code /proc/pid/stat}.
 *
 * @param pid its number
 * @param session setsid(2): the same for a file daemon and all that it runs, another one for every login and cron job
 * @param started clock ticks after the machine's start
 */
public record RunProcess(long pid, long session, long started) {
    /** Where the fields stand behind the command's name, which may hold anything. */
    private static final int SESSION = 3;

    private static final int STARTED = 19;

    /** This process. */
    public static RunProcess ofThis() {
        long pid = ProcessHandle.current().pid();
        return of(pid).orElseThrow(() -> new IllegalStateException("no /proc/" + pid + "/stat"));
    }

    /** True while it runs. */
    public boolean isAlive() {
        return of(pid).filter(this::equals).isPresent();
    }

    /** Waits for its end, but not longer than that. */
    void awaitEnd(Duration limit) {
        Optional<ProcessHandle> handle = isAlive() ? ProcessHandle.of(pid) : Optional.empty();
        if (handle.isEmpty()) {
            return;
        }
        try {
            handle.get().onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // it runs on: the caller asks isAlive
            return;
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The process of that number, or empty where there is none, or one that has ended. */
    public static Optional<RunProcess> of(long pid) {
        Path stat = Path.of("/proc", String.valueOf(pid), "stat");
        if (!Files.exists(stat)) {
            return Optional.empty();
        }
        try {
            String text = Files.readString(stat, StandardCharsets.ISO_8859_1);
            String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
            if (fields[0].equals("Z")) {
                return Optional.empty();
            }
            return Optional.of(new RunProcess(pid, Long.parseLong(fields[SESSION]), Long.parseLong(fields[STARTED])));
        } catch (IOException e) {
            if (!Files.exists(stat)) {
                return Optional.empty();
            }
            throw new UncheckedIOException(e);
        }
    }
}
