package io.github.bpipe.config.init;

import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Where program files come from. */
final class ProgramPackage {
    private ProgramPackage() {}

    /** The Debian package that a file belongs to; empty where it is none's, or this is no Debian. */
    static Optional<String> of(Path file) throws IOException {
        Captured answer;
        try {
            answer = Captured.run(
                    Command.of("dpkg-query", "--search", file.toString()).withEnvironment("LC_ALL", "C"));
        } catch (Failure e) {
            return Optional.empty();
        }
        int colon = answer.stdout().indexOf(": ");
        return answer.status() == 0 && colon > 0 ? Optional.of(answer.stdout().substring(0, colon)) : Optional.empty();
    }
}
