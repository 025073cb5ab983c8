package io.github.bpipe.dist;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.testkit.RealDaemon;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Runs the programs in their installed form, as a user or a file daemon does. */
final class Installed {
    static final Path READER = Path.of("target/bpipe-toolkit/bin/bpipe-reader").toAbsolutePath();
    static final Path WRITER = Path.of("target/bpipe-toolkit/bin/bpipe-writer").toAbsolutePath();
    static final Path CONFIG = Path.of("target/bpipe-toolkit/bin/bareos-config").toAbsolutePath();

    /** The runs of profiles are recorded here, and not where an installation would. */
    private static final Path STATE = Path.of("target/state").toAbsolutePath();

    private static final long LIMIT_SECONDS = 120;

    /** What a program answered: exit status, stdout and stderr. */
    record Answer(int status, byte[] out, String err) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    private Installed() {}

    /** Runs the reader to its end. */
    static Answer reader(String... arguments) {
        return run(READER, new byte[0], Map.of(), arguments);
    }

    /** Runs the writer to its end. */
    static Answer writer(byte[] stream, String... arguments) {
        return run(WRITER, stream, Map.of(), arguments);
    }

    static Answer run(Path program, byte[] input, Map<String, String> environment, String... arguments) {
        try {
            Path folder = Files.createTempDirectory("bpipe-it");
            Path in = Files.write(folder.resolve("in"), input);
            Path out = folder.resolve("out");
            Path err = folder.resolve("err");
            try {
                Process process = start(program, in.toFile(), out.toFile(), err.toFile(), environment, arguments);
                int status = await(process);
                return new Answer(status, Files.readAllBytes(out), Files.readString(err));
            } finally {
                for (Path file : List.of(in, out, err, folder)) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Starts a program with all three streams redirected to files. */
    static Process start(
            Path program, File in, File out, File err, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(program.toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(in)
                .redirectOutput(out)
                .redirectError(err);
        builder.environment().put(RunFolder.VARIABLE, STATE.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs a shell pipeline; {@code $READER} and {@code $WRITER} are the programs. */
    static Answer shell(String script) {
        return run(
                Path.of("/bin/bash"),
                new byte[0],
                Map.of("READER", READER.toString(), "WRITER", WRITER.toString()),
                "-o",
                "pipefail",
                "-c",
                script);
    }

    /** Writes a shell script that can be run. */
    static void script(Path file, String command) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + command + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Generates an application for a {@link RealDaemon}; returns what its director includes. */
    static String generateForBacula(Path output, String name, Path... profiles) throws IOException {
        generate(output, name, RealDaemon.CLIENT, "--bacula", profiles);
        return files(output.resolve("bacula-dir.d")).stream()
                .map(file -> "@" + file + "\n")
                .collect(Collectors.joining());
    }

    /** Generates an application for a daemon: {@code --bacula}, or {@code --bareos} with a version. */
    static void generate(Path output, String name, String client, String dialect, Path... profiles) {
        String[] arguments = Stream.concat(
                        Stream.of("generate", dialect, "--name=" + name, "--client=" + client, "--output=" + output),
                        Stream.of(profiles).map(profile -> "--profile=" + profile))
                .toArray(String[]::new);
        Answer answer = run(CONFIG, new byte[0], Map.of(), arguments);
        if (answer.status() != ExitCode.OK.code()) {
            throw new AssertionError(answer.err());
        }
    }

    /** All files below a folder. */
    static List<Path> files(Path below) throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    static int await(Process process) {
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                throw new AssertionError("the program did not end within " + LIMIT_SECONDS + " s");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
