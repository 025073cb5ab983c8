package io.github.bpipe.core.application;

import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.php.PhpValue;
import io.github.bpipe.core.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The maintenance mode of a Nextcloud or an ownCloud: {@code maintenance} in its configuration, switched by its
 * {@code occ}, read without running PHP.
 *
 * <p>Where we switch it on a mark stands beside it, {@code bpipe_lease}. It is saved and restored with the very file that
 * says {@code maintenance => true}, so that a restore knows, on any machine, that this was us and no administrator.
 */
public final class MaintenanceMode {
    private static final String SETTING = "maintenance";
    private static final String MARK = "bpipe_lease";
    private static final String COMMAND = "maintenance:mode";

    private final Profile.Application application;
    private final Occ occ;

    /**
     * What the configuration says.
     *
     * @param there false where the application has no configuration yet, or none any more
     * @param on the mode
     * @param mark of whoever of us switched it on, or null
     * @param changed when the configuration was written last; null where there is none
     */
    public record State(boolean there, boolean on, String mark, Instant changed) {
        /** True where the mode is on, and not by us. */
        public boolean isAdministrators() {
            return on && mark == null;
        }
    }

    public MaintenanceMode(Profile.Application application, Occ occ) {
        this.application = application;
        this.occ = occ;
    }

    /** Reads the configuration. */
    public State state() throws IOException {
        Path file = application.configFile();
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new State(false, false, null, null);
        }
        CloudConfig config = CloudConfig.read(application.root(), file.getParent());
        return new State(
                true,
                isOn(config),
                config.text(MARK).orElse(null),
                Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant());
    }

    /** Switches it on with our mark, which comes first: whoever is killed in between leaves a mark without a mode. */
    public void switchOn(String mark) throws IOException {
        occ.run("config:system:set", MARK, "--value=" + mark);
        switchOnAsBefore();
    }

    /** Switches it on without a mark, as an administrator had it. */
    public void switchOnAsBefore() throws IOException {
        occ.run(COMMAND, "--on");
        require(true);
    }

    /** Switches it off; the mark goes first. */
    public void switchOff() throws IOException {
        removeMark();
        occ.run(COMMAND, "--off");
        require(false);
    }

    /** From now on the mode is not ours. */
    public void removeMark() throws IOException {
        if (state().mark() != null) {
            occ.run("config:system:delete", MARK);
        }
    }

    private void require(boolean on) throws IOException {
        if (state().on() != on) {
            throw new Failure(
                    ExitCode.APPLICATION,
                    "occ " + COMMAND + " ended well, but maintenance mode is " + (on ? "off" : "on"),
                    "does another file beside " + application.configFile() + " say something else?");
        }
    }

    /** What PHP takes for true. */
    private static boolean isOn(CloudConfig config) throws Failure {
        Optional<PhpValue> value = config.value(SETTING);
        if (value.isPresent() && value.get() instanceof PhpValue.Flag flag) {
            return flag.value();
        }
        String text = config.text(SETTING).orElse("");
        return !text.isEmpty() && !text.equals("0");
    }
}
