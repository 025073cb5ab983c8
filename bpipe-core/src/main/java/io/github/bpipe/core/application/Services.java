package io.github.bpipe.core.application;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.process.ProgramRunner;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Units of systemd, through {@code systemctl} from the PATH. */
public final class Services {
    private static final Set<String> DOWN = Set.of("inactive", "failed");

    private final ProgramRunner runner;
    private final Duration limit;

    /**
     * Prepares.
     *
     * @param limit in which a unit must start or stop
     */
    public Services(ProgramRunner runner, Duration limit) {
        this.runner = runner;
        this.limit = limit;
    }

    /** True where the unit runs, or is about to. */
    public boolean isRunning(String unit) throws IOException {
        String said = systemctl("show", "--property=LoadState,ActiveState", "--", unit);
        Map<String, String> properties = Arrays.stream(said.split("\n"))
                .filter(line -> line.contains("="))
                .map(line -> line.strip().split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, b) -> b));
        if ("not-found".equals(properties.get("LoadState"))) {
            throw new Failure(ExitCode.HOOK, "there is no unit " + unit, "correct application.services in the profile");
        }
        return !DOWN.contains(properties.getOrDefault("ActiveState", ""));
    }

    /** Stops a unit and makes sure of it. */
    public void stop(String unit) throws IOException {
        change("stop", unit, false);
    }

    /** Starts a unit and makes sure of it. */
    public void start(String unit) throws IOException {
        change("start", unit, true);
    }

    private void change(String verb, String unit, boolean running) throws IOException {
        systemctl(verb, "--", unit);
        if (isRunning(unit) != running) {
            throw new Failure(
                    ExitCode.HOOK,
                    "systemctl " + verb + " " + unit + " ended well, but the unit "
                            + (running ? "does not run" : "still runs"),
                    "look at systemctl status " + unit);
        }
    }

    private String systemctl(String... arguments) throws IOException {
        ProgramRunner.Ended end =
                runner.run(new Command("systemctl", List.of(arguments), Map.of("LC_ALL", "C")), limit);
        if (!end.isGood()) {
            String said = end.output().lines().reduce((a, b) -> b).orElse("");
            String unit = arguments[arguments.length - 1];
            throw new Failure(
                    ExitCode.HOOK,
                    "systemctl " + arguments[0] + " " + unit + " " + end.how(limit)
                            + (said.isEmpty() ? "" : ": " + said.strip()),
                    "look at systemctl status " + unit);
        }
        return end.output();
    }
}
