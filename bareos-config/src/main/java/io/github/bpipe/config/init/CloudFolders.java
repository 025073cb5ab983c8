package io.github.bpipe.config.init;

import io.github.bpipe.core.application.CloudConfig;
import io.github.bpipe.core.application.CloudVersion;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.php.PhpValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where an application lives. The paths are frozen here: nobody who may write into one of these folders can turn them
 * into others later.
 *
 * @param root folder of the programs
 * @param version what the programs are
 * @param config what the configuration says
 * @param configFile the main one
 * @param data folder of the users' files
 * @param user who owns the configuration: the web server's, as whom {@code occ} must run
 */
record CloudFolders(Path root, CloudVersion version, CloudConfig config, Path configFile, Path data, String user) {
    /** What the application puts into its data folder, so that no other folder is taken for it. */
    private static final List<String> MARKERS = List.of(".ocdata", ".ncdata");

    /**
     * Looks at an application.
     *
     * @param root as the administrator names it
     * @param otherConfig folder of the configuration where it is not below the root, else null
     */
    static CloudFolders find(Path root, Path otherConfig) throws IOException {
        if (!Files.isDirectory(root)) {
            throw wrong("no folder " + root, "name the folder in which the application's version.php is");
        }
        Path realRoot = root.toRealPath();
        CloudVersion version = CloudVersion.read(realRoot);
        Path folder = otherConfig == null ? configFolder(realRoot) : real(otherConfig);
        CloudConfig config = CloudConfig.read(realRoot, folder);
        Path configFile = folder.resolve(CloudConfig.MAIN);
        String user = Files.getOwner(configFile, LinkOption.NOFOLLOW_LINKS).getName();
        refuseObjectStore(config);
        return new CloudFolders(realRoot, version, config, configFile, data(config, realRoot, user), user);
    }

    /** The folders into which the application installs apps, but for the one that comes with the programs. */
    List<Path> ownApps() throws IOException {
        List<Path> apps = new ArrayList<>();
        if (config.value("apps_paths").orElse(null) instanceof PhpValue.Table paths) {
            for (PhpValue entry : paths.entries().values()) {
                if (entry instanceof PhpValue.Table table
                        && table.entries().get("path") instanceof PhpValue.Text path
                        && new PhpValue.Flag(true).equals(table.entries().get("writable"))
                        && isOwn(Path.of(path.text()))) {
                    apps.add(Path.of(path.text()).toRealPath());
                }
            }
        }
        apps.remove(root.resolve("apps"));
        return apps;
    }

    /** Whoever may write the configuration must not make us save folders that are not the application's. */
    private boolean isOwn(Path path) throws IOException {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
                && Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName().equals(user);
    }

    private static Path configFolder(Path root) throws IOException {
        Path folder = root.resolve("config");
        if (Files.isDirectory(folder) && !folder.toRealPath().startsWith(root)) {
            throw wrong(
                    folder + " is a symbolic link to " + folder.toRealPath() + ", and none is followed out of " + root,
                    "if that is right, say so: --config " + folder.toRealPath());
        }
        return real(folder);
    }

    private static Path real(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw wrong("no folder " + folder, "name the folder of config.php with --config");
        }
        return folder.toRealPath();
    }

    private static void refuseObjectStore(CloudConfig config) throws Failure {
        for (String key : List.of("objectstore", "objectstore_multibucket")) {
            if (config.value(key).isPresent()) {
                throw wrong(
                        config.place(key) + ": the users' files are in an object store (" + key
                                + "), not in the data folder",
                        "save that store with its own means; for the database alone write a profile with init generic");
            }
        }
    }

    private static Path data(CloudConfig config, Path root, String user) throws IOException {
        Path data = Path.of(config.text("datadirectory").orElse(root + "/data"));
        String said = config.place("datadirectory") == null ? "the default" : config.place("datadirectory");
        if (!data.isAbsolute()) {
            throw wrong(said + ": datadirectory is no full path: " + data, "correct that line");
        }
        refuseOwnLinks(data, user, said);
        if (!Files.isDirectory(data)) {
            throw wrong("no data folder " + data + " (" + said + ")", "is its file system mounted?");
        }
        if (MARKERS.stream()
                .noneMatch(marker -> Files.isRegularFile(data.resolve(marker), LinkOption.NOFOLLOW_LINKS))) {
            throw wrong(
                    data + " (" + said + ") is no data folder: neither .ocdata nor .ncdata is in it",
                    "is its file system mounted, and may " + System.getProperty("user.name") + " look into it?");
        }
        return data.toRealPath();
    }

    /** A link that root made is the administrator's; one that the web server's user made may lead anywhere. */
    private static void refuseOwnLinks(Path path, String user, String said) throws IOException {
        List<Path> parts =
                Stream.iterate(path, part -> part != null, Path::getParent).toList();
        for (Path part : parts) {
            if (Files.isSymbolicLink(part)
                    && Files.getOwner(part, LinkOption.NOFOLLOW_LINKS).getName().equals(user)) {
                throw wrong(
                        part + " (" + said + ") is a symbolic link that " + user + " made to "
                                + Files.readSymbolicLink(part) + ", and such a one is not followed",
                        "write the real path into datadirectory, or let root make the link");
            }
        }
    }

    private static Failure wrong(String message, String hint) {
        return new Failure(ExitCode.APPLICATION, message, hint);
    }
}
