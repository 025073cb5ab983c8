package io.github.bpipe.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds and runs installed programs; one that is missing fails the test with the package to install. */
public final class Programs {
    private static final Path POSTGRESQL = Path.of("/usr/lib/postgresql");

    /** What a program answered. */
    public record Answer(int status, String out, String err) {
        /** The output of a program that must succeed. */
        public String orFail() {
            if (status != 0) {
                throw new AssertionError("exit " + status + ": " + err + out);
            }
            return out;
        }
    }

    private Programs() {}

    /** Path of a program on the PATH or in the folders of system programs. */
    public static String find(String name, String debianPackage) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        for (String folder : path.split(":")) {
            Path candidate = Path.of(folder, name);
            if (Files.isExecutable(candidate)) {
                return candidate.toString();
            }
        }
        throw new AssertionError(name + " is not installed: apt-get install " + debianPackage);
    }

    /** Folder of the newest installed PostgreSQL server's programs. */
    public static Path postgresqlFolder() {
        try (Stream<Path> versions = Files.list(POSTGRESQL)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max((a, b) -> Integer.compare(major(a), major(b)))
                    .orElseThrow(() -> new AssertionError("no PostgreSQL server: apt-get install postgresql"));
        } catch (IOException e) {
            throw new AssertionError("no PostgreSQL server: apt-get install postgresql", e);
        }
    }

    /** True when we run as root. */
    public static boolean root() {
        return "root".equals(System.getProperty("user.name"));
    }

    /** Runs a program to its end. */
    public static Answer run(List<String> command, Map<String, String> environment, byte[] input) {
        try {
            Path out = Files.createTempFile("bpipe-out", null);
            Path err = Files.createTempFile("bpipe-err", null);
            try {
                ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command))
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
                builder.environment().putAll(environment);
                Process process = builder.start();
                try (var stdin = process.getOutputStream()) {
                    stdin.write(input);
                } catch (IOException e) {
                    // a program that ends without reading all of its input says why itself
                    Files.writeString(err, "(input not read to its end)\n", java.nio.file.StandardOpenOption.APPEND);
                }
                int status = process.waitFor();
                return new Answer(
                        status,
                        new String(Files.readAllBytes(out), StandardCharsets.UTF_8),
                        new String(Files.readAllBytes(err), StandardCharsets.UTF_8));
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new AssertionError("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Runs a program that reads nothing. */
    public static Answer run(String... command) {
        return run(List.of(command), Map.of(), new byte[0]);
    }

    /** A text that stands beside a class of the testkit. */
    static String resource(Class<?> beside, String name) {
        try (InputStream in = beside.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int major(Path bin) {
        return Integer.parseInt(bin.getParent().getFileName().toString().replaceAll("\\D.*", ""));
    }
}
