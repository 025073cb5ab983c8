package io.github.bpipe.writer;

import io.github.bpipe.core.cli.Messages;
import io.github.bpipe.core.cli.Surroundings;
import io.github.bpipe.core.engine.Connection;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.testkit.Programs;
import io.github.bpipe.writer.target.Extent;
import io.github.bpipe.writer.target.TargetOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A restore that meets a fault; as a program of its own, one that dies of SIGKILL. */
final class FaultedWriter {
    static final int KILLED = 137;

    /** What the user was told. */
    record Outcome(boolean restored, String said) {}

    private FaultedWriter() {}

    /** Restores a stream in this process. */
    static Outcome restore(
            Connection connection, String database, boolean keep, InputStream in, Consumer<String> steps) {
        return restore(connection, database, keep, List.of(), in, steps);
    }

    /** The same for these tables of the stream, which take the place of the live ones; for all where there are none. */
    static Outcome restore(
            Connection connection,
            String database,
            boolean keep,
            List<String> only,
            InputStream in,
            Consumer<String> steps) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);
        Messages messages = new Messages(
                "bpipe-writer", new Surroundings(in, OutputStream.nullOutputStream(), err, Map.of(), false, false));
        TargetOptions options = new TargetOptions(connection, database, false, keep, true, true)
                .of(only.isEmpty() ? Extent.DATABASE : Extent.TABLES_REGARDLESS);
        boolean restored = false;
        try {
            new Restore(null, options, only, false, messages, (engine, asked) -> FaultyTarget.of(engine, asked, steps))
                    .run(in);
            restored = true;
        } catch (Failure e) {
            messages.error(e);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Outcome(restored, said.toString(StandardCharsets.UTF_8).strip());
    }

    /**
     * Arguments: socket, user and client folder (each may be empty), database, file of the stream, byte, step,
     * milliseconds after it, a table or nothing.
     */
    public static void main(String[] args) throws IOException {
        Connection connection = new Connection(
                null, null, path(args[0]), args[1].isEmpty() ? null : args[1], null, null, path(args[2]));
        long at = Long.parseLong(args[5]);
        InputStream in = new ByteArrayInputStream(Files.readAllBytes(Path.of(args[4])));
        List<String> only = args[8].isEmpty() ? List.of() : List.of(args[8]);
        FaultInput faulty = new FaultInput(in, at, FaultedWriter::killSelf);
        Outcome outcome = restore(connection, args[3], true, only, faulty, step -> {
            if (step.equals(args[6])) {
                killSelf(Long.parseLong(args[7]));
            }
        });
        System.out.println(outcome.said());
    }

    /** Starts {@link #main} in a Java of its own. */
    static Process start(Connection connection, String database, Path stream, FaultPoint point) throws IOException {
        return start(connection, database, stream, point, "");
    }

    /** @param only the table to restore, or nothing for all */
    static Process start(Connection connection, String database, Path stream, FaultPoint point, String only)
            throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                FaultedWriter.class.getName(),
                String.valueOf(connection.socket() == null ? "" : connection.socket()),
                String.valueOf(connection.user() == null ? "" : connection.user()),
                String.valueOf(connection.clients() == null ? "" : connection.clients()),
                database,
                stream.toString(),
                String.valueOf(point.offset()),
                String.valueOf(point.step()),
                String.valueOf(point.millis()),
                only);
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Path path(String text) {
        return text.isEmpty() ? null : Path.of(text);
    }

    /** At once where {@code millis} is not positive, and else while the restore goes on. */
    private static void killSelf(long millis) {
        if (millis <= 0) {
            killSelf();
            return;
        }
        Thread killer = new Thread(() -> {
            try {
                Thread.sleep(millis);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            killSelf();
        });
        killer.setDaemon(true);
        killer.start();
    }

    private static void killSelf() {
        Programs.run("kill", "-9", String.valueOf(ProcessHandle.current().pid()));
        throw new AssertionError("survived a kill -9");
    }
}
