package io.github.bpipe.writer;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.writer.target.TargetOptions;

/** What can be said of a restore both by an option and by {@code restore:} of a profile. */
final class RestoreWords {
    private RestoreWords() {}

    /** How many sessions load, by the option or else the profile; as many as there are cores where both are silent. */
    static int jobs(Integer option, Integer profile) throws Failure {
        Integer chosen = option != null ? option : profile;
        if (chosen == null) {
            return Math.min(TargetOptions.DEFAULT_JOBS, Runtime.getRuntime().availableProcessors());
        }
        if (chosen < 1 || chosen > TargetOptions.MAX_JOBS) {
            throw new Failure(
                    ExitCode.USAGE,
                    "jobs is " + chosen + ", possible are 1 to " + TargetOptions.MAX_JOBS,
                    "give one with --jobs, or restore.jobs in the profile");
        }
        return chosen;
    }

    /** Which of two words was chosen, by the option or else the profile; the first where both are silent. */
    static boolean isSecond(String name, String option, String profile, String first, String second) throws Failure {
        String chosen = option != null ? option : profile != null ? profile : first;
        if (!chosen.equals(first) && !chosen.equals(second)) {
            throw new Failure(
                    ExitCode.USAGE,
                    "unknown " + name + " " + chosen + ", known are " + first + ", " + second,
                    "give one with --" + name + ", or restore." + name + " in the profile");
        }
        return chosen.equals(second);
    }
}
