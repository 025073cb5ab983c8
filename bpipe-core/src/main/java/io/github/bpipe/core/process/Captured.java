package io.github.bpipe.core.process;

import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What a short command answered.
 *
 * @param status exit status
 * @param stdout all of it, as UTF-8
 * @param stderr bounded
 */
public record Captured(int status, String stdout, String stderr) {

    /** Runs a command that reads nothing and prints little. */
    public static Captured run(Command command) throws IOException {
        return run(command, "");
    }

    /** Runs a command that reads {@code input}, which must be small. */
    public static Captured run(Command command, String input) throws IOException {
        try (Child child = Child.start(command)) {
            try (var stdin = child.stdin()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // a program that ends without reading its input tells why by status and stderr
                if (e instanceof Failure) {
                    throw e;
                }
            }
            String stdout = new String(child.stdout().readAllBytes(), StandardCharsets.UTF_8);
            return new Captured(child.await(), stdout, child.stderr());
        }
    }
}
