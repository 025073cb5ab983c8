package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.testkit.Programs;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A program that runs while the test feeds it, reads from it, or ends it. */
final class BackgroundRun {
    /** Becomes a program that a SIGINT ends, even where the tests themselves run in the background of a shell. */
    static final List<String> INTERRUPTIBLE = List.of("env", "--default-signal");

    private final Path err;
    private final Process process;

    /**
     * Starts it.
     *
     * @param command of a shell, which opens the fifos in it (that waits for the other side) and then becomes the program;
     *     {@code $READER} and {@code $WRITER} are the programs
     * @param folder for what it prints elsewhere
     */
    BackgroundRun(String command, Path folder) throws IOException {
        this.err = folder.resolve("err");
        this.process = Installed.start(
                Path.of("/bin/bash"),
                new File("/dev/null"),
                folder.resolve("out").toFile(),
                err.toFile(),
                Map.of("READER", Installed.READER.toString(), "WRITER", Installed.WRITER.toString()),
                "-c",
                "exec " + String.join(" ", INTERRUPTIBLE) + " " + command);
    }

    static Path fifo(Path folder) {
        Path fifo = folder.resolve("fifo");
        Programs.run("mkfifo", fifo.toString()).orFail();
        return fifo;
    }

    void signal(String name) {
        Programs.run("kill", "-" + name, String.valueOf(process.pid())).orFail();
    }

    /** Ends a program that it runs by SIGKILL. */
    void killChild(String program) {
        process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/" + program))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + program + " runs"))
                .destroyForcibly();
    }

    /** Ends all programs that it runs with that argument by SIGKILL. */
    void killChildren(String program, String argument) {
        List<ProcessHandle> children = process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/" + program))
                .filter(child -> List.of(child.info().arguments().orElseThrow()).contains(argument))
                .toList();
        assertThat(children).as(program + " " + argument).isNotEmpty();
        children.forEach(ProcessHandle::destroyForcibly);
    }

    /** Kills a program of a reader in the middle of a dump, and sees that its stream ends in the reason. */
    static void assertStreamTellsOfKilled(String program, String argument, String reader, Path folder)
            throws IOException {
        Path out = fifo(folder);
        BackgroundRun run = new BackgroundRun(reader + " > " + out, folder);
        byte[] rest;
        try (InputStream read = Files.newInputStream(out)) {
            read.readNBytes(300_000);
            run.killChildren(program, argument);
            rest = read.readAllBytes();
        }
        assertThat(run.await()).as(run.stderr()).isEqualTo(ExitCode.DUMP_FAILED.code());
        assertThat(run.stderr()).contains("exit status 137").contains("\nhint: ");
        String end = new String(
                Arrays.copyOfRange(rest, Math.max(0, rest.length - 1000), rest.length), StandardCharsets.UTF_8);
        assertThat(end).contains("BPS1A").contains("exit status 137").endsWith("\"}");
    }

    int await() {
        return Installed.await(process);
    }

    String stderr() throws IOException {
        return Files.readString(err);
    }
}
