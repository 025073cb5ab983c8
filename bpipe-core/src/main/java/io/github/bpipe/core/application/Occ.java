package io.github.bpipe.core.application;

import io.github.bpipe.core.engine.RunAs;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.TrustedFile;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.process.ProgramRunner;
import io.github.bpipe.core.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The application's own command line, run as the user that the application wants; it refuses every other. */
public final class Occ {
    private static final String SYSTEM_FOLDERS = "/usr/local/bin:/usr/bin:/bin";

    private final Profile.Application application;
    private final ProgramRunner runner;
    private final Duration limit;

    /**
     * Prepares runs of it.
     *
     * @param limit for each run, after which it is killed with its children
     */
    public Occ(Profile.Application application, ProgramRunner runner, Duration limit) {
        this.application = application;
        this.runner = runner;
        this.limit = limit;
    }

    /**
     * Runs one of its commands.
     *
     * @return beginning and end of what it said
     * @throws Failure with what it said, where it does not end with status 0 in time
     */
    public String run(String... arguments) throws IOException {
        Path occ = application.root().resolve("occ");
        if (!Files.isRegularFile(occ, LinkOption.NOFOLLOW_LINKS)) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    "there is no file " + occ,
                    "correct application.root in the profile, or install the application's programs");
        }
        Command command = new Command(php().toString(), List.of(occ.toString()), Map.of());
        ProgramRunner.Ended end = runner.run(
                RunAs.wrap(command.with(List.of(arguments)).with(List.of("--no-interaction")), application.user()),
                limit);
        if (!end.isGood()) {
            String said = end.output()
                    .lines()
                    .filter(line -> !line.isBlank())
                    .reduce((a, b) -> b)
                    .orElse("");
            throw new Failure(
                    ExitCode.HOOK,
                    "occ " + String.join(" ", arguments) + " " + end.how(limit)
                            + (said.isEmpty() ? "" : ": " + said.strip()),
                    "run it yourself, as the user " + application.user() + ": " + command + " "
                            + String.join(" ", arguments));
        }
        return end.output();
    }

    private Path php() throws Failure {
        Path php = application.php() != null ? application.php() : onPath();
        if (!Files.isExecutable(php)) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    "application.php in the profile names " + php + ", which is no program",
                    "name the PHP that the application runs with");
        }
        TrustedFile.require(php, "PHP", System.getProperty("user.name"));
        return php;
    }

    private static Path onPath() throws Failure {
        String path = System.getenv().getOrDefault("PATH", "") + ":" + SYSTEM_FOLDERS;
        return Stream.of(path.split(":"))
                .filter(folder -> folder.startsWith("/"))
                .map(folder -> Path.of(folder, "php"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(
                        () -> new Failure(
                                ExitCode.APPLICATION,
                                "there is no php on the PATH",
                                "install PHP's command line (Debian: php-cli), or name it with application.php in the profile"));
    }
}
