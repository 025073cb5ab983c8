package io.github.bpipe.core.process;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import java.io.Closeable;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.commons.exec.CommandLine;
import org.apache.commons.exec.DefaultExecutor;
import org.apache.commons.exec.ShutdownHookProcessDestroyer;

/**
 * A running native program whose stdin and stdout are ours.
 *
 * <p>It is finished only when its output has ended, its stderr is drained and its status was checked
 * ({@link #await}). {@link #close} before that kills it; so does the end of our own process. None of the children
 * inherits our stdout, because a child that holds it makes the file daemon fail the job.
 */
public final class Child implements Closeable {
    private static final ShutdownHookProcessDestroyer DESTROYER = new ShutdownHookProcessDestroyer();
    private static final long GRACE_SECONDS = 2;

    private final Command command;
    private final ChildStreams streams;
    private final Process process;

    private Child(Command command, ChildStreams streams, Process process) {
        this.command = command;
        this.streams = streams;
        this.process = process;
    }

    /** Starts the program; fails with {@link ExitCode#CLIENT} where it cannot be executed. */
    public static Child start(Command command) throws Failure {
        ChildStreams streams = new ChildStreams(command.name());
        Launcher launcher = new Launcher(streams);
        launcher.setProcessDestroyer(DESTROYER);
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.putAll(command.environment());
        try {
            return new Child(command, streams, launcher.start(new ExactLine(command), environment));
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.CLIENT,
                    "cannot run " + command.program() + ": " + reason(e),
                    "install the client programs, or name their folder with --clients",
                    e);
        }
    }

    /** What the program prints; end of input when it has closed it. */
    public InputStream stdout() {
        return streams.stdout();
    }

    /** What the program reads; close it to let the program see the end. */
    public OutputStream stdin() {
        return streams.stdin();
    }

    /** The beginning and the end of what the program said on stderr so far, bounded. */
    public String stderr() {
        return streams.stderr();
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /**
     * Waits for the end. Stdout must have been read to its end before.
     *
     * @return exit status; 128 + signal where one ended it
     */
    public int await() throws Failure {
        try {
            int status = process.waitFor();
            streams.awaitStderr();
            return status;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new Failure(
                    ExitCode.INTERRUPTED, "interrupted while waiting for " + command.name(), "run it again", e);
        } finally {
            streams.release();
        }
    }

    /** Kills the program where it still runs and waits until it is gone; may be called from any thread, repeatedly. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            // whoever interrupts a thread that ends programs relies on their end as well
            process.onExit()
                    .completeOnTimeout(process, GRACE_SECONDS, TimeUnit.SECONDS)
                    .join();
            Thread.currentThread().interrupt();
        }
        streams.release();
    }

    private static String reason(IOException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        int comma = message.indexOf(", ");
        return message.startsWith("error=") && comma > 0 ? message.substring(comma + 2) : message;
    }

    /** Hands the arguments over as they are, where commons-exec strips white space and control characters from their ends. */
    private static final class ExactLine extends CommandLine {
        private final Command command;

        ExactLine(Command command) {
            super(command.program());
            this.command = command;
        }

        @Override
        public String[] toStrings() {
            return Stream.concat(Stream.of(command.program()), command.arguments().stream())
                    .toArray(String[]::new);
        }
    }

    /** An executor that also hands out the process, since a watchdog of commons-exec knows no kill -9. */
    private static final class Launcher extends DefaultExecutor {
        private final ChildStreams streams;
        private volatile Process process;

        @SuppressWarnings("deprecation") // the builder cannot build a subclass
        Launcher(ChildStreams streams) {
            this.streams = streams;
            setStreamHandler(streams);
            setExitValues(null);
        }

        Process start(CommandLine line, Map<String, String> environment) throws IOException {
            execute(line, environment, streams);
            streams.awaitStart();
            return process;
        }

        @Override
        protected Process launch(CommandLine line, Map<String, String> environment, Path folder) throws IOException {
            process = super.launch(line, environment, folder);
            return process;
        }

        @Override
        protected Process launch(CommandLine line, Map<String, String> environment, File folder) throws IOException {
            process = super.launch(line, environment, folder);
            return process;
        }
    }
}
