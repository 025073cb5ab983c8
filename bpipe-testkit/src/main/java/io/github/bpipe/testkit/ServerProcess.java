package io.github.bpipe.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A server program of ours in a temporary folder; ended by its id, with its folder, at the latest when the JVM ends. */
final class ServerProcess {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long ENOUGH_MEMORY_BYTES = 6L << 30;

    private final Path folder;
    private final List<String> command;
    private Process process;

    ServerProcess(Path folder, List<String> command) {
        this.folder = folder;
        this.command = command;
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
    }

    static Path newFolder(String name) {
        try {
            // short, because the path of a unix socket is limited to 107 bytes
            return inMemory()
                    ? Files.createTempDirectory(MEMORY, "bp-" + name)
                    : Files.createTempDirectory("bp-" + name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** On a disk each CREATE TABLE waits for several fsyncs, so that thousands of tables take minutes. */
    private static boolean inMemory() throws IOException {
        return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ENOUGH_MEMORY_BYTES;
    }

    void start(BooleanSupplier ready) {
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                    .start();
            process.getOutputStream().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!becomesReady(ready)) {
            throw new AssertionError("the server did not start: " + logged());
        }
    }

    /** Waits until it is ready again; where it has ended by itself, it is started. */
    void revive(BooleanSupplier ready) {
        if (!becomesReady(ready)) {
            start(ready);
        }
    }

    /** False where it has ended. */
    private boolean becomesReady(BooleanSupplier ready) {
        Instant limit = Instant.now().plus(START_LIMIT);
        while (!ready.getAsBoolean()) {
            if (!process.isAlive()) {
                return false;
            }
            if (Instant.now().isAfter(limit)) {
                throw new AssertionError("the server is not ready: " + logged());
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError(e);
            }
        }
        return true;
    }

    private Path log() {
        return folder.resolve("server.log");
    }

    private String logged() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGTERM, or SIGKILL when {@code hard}; waits for the end. */
    void stop(boolean hard) {
        if (process == null) {
            return;
        }
        List<ProcessHandle> descendants = process.descendants().toList();
        if (hard) {
            process.destroyForcibly();
        } else {
            process.destroy();
        }
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            for (ProcessHandle descendant : descendants) {
                descendant.onExit().get(10, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            throw new AssertionError("processes of the server are left", e);
        }
        process = null;
    }

    long pid() {
        return process.pid();
    }

    private void remove() {
        if (process != null) {
            stop(true);
        }
        delete(folder);
    }

    /** Removes a folder with all that is in it. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
