package io.github.bpipe.writer.drill;

import io.github.bpipe.core.profile.DrillCheck;
import io.github.bpipe.core.profile.Profile;
import io.github.bpipe.writer.target.TargetOptions;
import java.nio.file.Path;
import java.util.List;

/**
 * What an administrator asks of a drill.
 *
 * @param folder where a throwaway server is made
 * @param programs folder of the server's own programs, or null for where packages put them
 * @param clients folder of the client programs, or null for the server's own or the PATH
 * @param jobs how many sessions load side by side
 * @param checks questions to the restored database
 */
public record DrillSettings(Path folder, Path programs, Path clients, int jobs, List<DrillCheck> checks) {
    /** For what is large and outlives no drill; unlike {@code /tmp} it is never in memory. */
    private static final Path FOLDER = Path.of("/var/tmp");

    public DrillSettings {
        checks = List.copyOf(checks);
    }

    /**
     * What a profile says, and what is usual where it says nothing.
     *
     * @param profile or null
     * @param folder in place of the profile's, or null
     * @param programs in place of the profile's, or null
     */
    public static DrillSettings of(Profile profile, Path folder, Path programs, Path clients) {
        Profile.Drill drill = profile == null || profile.drill() == null ? Profile.Drill.DEFAULT : profile.drill();
        Integer jobs = profile == null ? null : profile.restore().jobs();
        int usual = Math.min(TargetOptions.DEFAULT_JOBS, Runtime.getRuntime().availableProcessors());
        return new DrillSettings(
                folder != null ? folder : drill.folder() != null ? drill.folder() : FOLDER,
                programs != null ? programs : drill.programs(),
                clients,
                jobs != null && jobs >= 1 && jobs <= TargetOptions.MAX_JOBS ? jobs : usual,
                drill.checks());
    }
}
