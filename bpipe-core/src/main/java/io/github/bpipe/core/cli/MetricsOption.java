package io.github.bpipe.core.cli;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.job.Metrics;
import io.github.bpipe.core.job.RunFolder;
import io.github.bpipe.core.profile.ProfileLoader;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** {@code --metrics}: where the state of a profile is written for monitoring, after every run of it. */
public final class MetricsOption {
    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Write what is known of the profile's last runs to this file, NAME.prom, for the textfile"
                    + " collector of Prometheus' node_exporter; also when the run fails.")
    private Path file;

    /** Refuses the option where no profile says whose runs these are. */
    public void requireProfile(String profile) throws Failure {
        if (file != null && profile == null) {
            throw new Failure(
                    ExitCode.USAGE, "--metrics is about the runs of a profile, and none is named", "give --profile");
        }
    }

    /**
     * Writes the file that the option names, or else the profile, if any. A file that cannot be written is only a
     * warning: the run is what counts.
     *
     * @param profile name or path
     */
    public void write(String profile, Map<String, String> environment, Consumer<String> warnings) {
        try {
            Path chosen = file != null ? file : inProfile(profile, environment);
            if (chosen != null) {
                String name = ProfileLoader.name(profile);
                new Metrics(RunFolder.of(environment, name), name).write(chosen);
            }
        } catch (Failure e) {
            warnings.accept("the metrics are not written: " + e.getMessage());
        }
    }

    private static Path inProfile(String profile, Map<String, String> environment) {
        try {
            String named = new ProfileLoader(environment).load(profile).metrics();
            return named == null ? null : Path.of(named);
        } catch (Failure e) {
            // the run itself has failed with it
            return null;
        }
    }
}
