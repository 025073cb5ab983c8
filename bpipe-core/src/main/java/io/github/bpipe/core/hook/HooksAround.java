package io.github.bpipe.core.hook;

import io.github.bpipe.core.profile.Profile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The hooks before and after what one process does, without a job of a daemon. */
public final class HooksAround {
    private final Profile profile;
    private final Path profileFile;
    private final List<String> lines = new ArrayList<>();
    private volatile HookRunner current;

    /**
     * Runs nothing yet.
     *
     * @param profileFile the profile's full path
     */
    public HooksAround(Profile profile, Path profileFile) {
        this.profile = profile;
        this.profileFile = profileFile;
    }

    /**
     * Runs those of one point.
     *
     * @param environment of the process, and what became of what the hooks are around
     */
    public void run(HookPoint point, Map<String, String> environment) throws IOException {
        HookRunner runner = new HookRunner(new HookJob(point, profile, profileFile, null, environment));
        current = runner;
        try {
            runner.run(point.of(profile));
        } finally {
            current = null;
            lines.addAll(runner.lines());
        }
    }

    /** Kills the one that is under way; from any thread. */
    public void end() {
        HookRunner runner = current;
        if (runner != null) {
            runner.end();
        }
    }

    /** What they did and said so far. */
    public List<String> lines() {
        return List.copyOf(lines);
    }
}
