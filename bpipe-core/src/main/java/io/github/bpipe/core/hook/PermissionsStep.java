package io.github.bpipe.core.hook;

import io.github.bpipe.core.file.TreePermissions;
import io.github.bpipe.core.process.Captured;
import io.github.bpipe.core.process.Command;
import io.github.bpipe.core.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * {@code permissions}: configuration, data and whatever else the profile saves belong to the web server's user. The folder of
 * the programs is left as it came back, since programs need not belong to whoever runs them.
 */
final class PermissionsStep {
    private static final int MOST_NAMED = 10;

    private final Profile profile;
    private final Consumer<String> log;

    PermissionsStep(Profile profile, Consumer<String> log) {
        this.profile = profile;
        this.log = log;
    }

    void run() throws IOException {
        String user = profile.application().user();
        String group =
                Captured.run(Command.of("id", "-gn", "--", user)).stdout().strip();
        TreePermissions permissions = new TreePermissions(user, group);
        for (Path folder : folders()) {
            permissions.apply(folder);
        }
        log.accept("permissions: " + permissions.changed() + " of " + permissions.seen()
                + " files and folders were given to " + user + ", or other modes");
        permissions.leftAlone().stream()
                .limit(MOST_NAMED)
                .forEach(file ->
                        log.accept("left alone, since it has more names and belongs to somebody else: " + file));
    }

    private Set<Path> folders() {
        Profile.Application application = profile.application();
        Set<Path> folders = new LinkedHashSet<>();
        Stream<Path> named = Stream.of(application.configFile().getParent(), application.data());
        Stream.concat(named, profile.files().include().stream().map(Path::of))
                .filter(folder -> !application.root().startsWith(folder))
                .filter(folder -> Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS))
                .forEach(folders::add);
        return folders;
    }
}
