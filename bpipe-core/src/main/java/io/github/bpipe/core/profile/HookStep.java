package io.github.bpipe.core.profile;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** What a profile's hooks can name instead of a command. */
public enum HookStep {
    /** Before a job the application's maintenance mode goes on, after it off; never one that is not ours. */
    MAINTENANCE_MODE,
    /** The units of the profile that run are stopped. */
    STOP_SERVICES,
    /** Those that were stopped are started again. */
    START_SERVICES,
    /** What is there and did not come back with the restore is listed. */
    EXTRANEOUS_FILES,
    /** The restored files get the owner and the modes that the application wants. */
    PERMISSIONS,
    /** Clients are told that the application is older than what they have seen. */
    DATA_FINGERPRINT,
    /** The application looks for files that came back without their database. */
    FILES_SCAN;

    /** As profiles spell it: {@code maintenance-mode}. */
    @JsonValue
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The step of that name.
     *
     * @throws IllegalArgumentException that names the nearest one
     */
    @JsonCreator
    public static HookStep of(String id) {
        return Arrays.stream(values())
                .filter(step -> step.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown step " + id + ", did you mean "
                        + nearest(id).id() + "? a command is written as command: [/full/path, ...]"));
    }

    /** True where the step has a meaning at that point. */
    boolean fits(boolean before, boolean restore) {
        return switch (this) {
            case MAINTENANCE_MODE -> true;
            case STOP_SERVICES -> before;
            case START_SERVICES -> !before;
            case EXTRANEOUS_FILES, PERMISSIONS, DATA_FINGERPRINT, FILES_SCAN -> !before && restore;
        };
    }

    /** True where it runs the application's own {@code occ}, or must know whose files it has. */
    boolean needsApplication() {
        return this == MAINTENANCE_MODE || this == PERMISSIONS || this == DATA_FINGERPRINT || this == FILES_SCAN;
    }

    private static HookStep nearest(String id) {
        LevenshteinDistance distance = LevenshteinDistance.getDefaultInstance();
        return Arrays.stream(values())
                .min(Comparator.comparingInt(step -> distance.apply(id, step.id())))
                .orElseThrow();
    }
}
