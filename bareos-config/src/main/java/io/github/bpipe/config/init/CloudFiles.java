package io.github.bpipe.config.init;

import io.github.bpipe.core.application.CloudDatabase;
import io.github.bpipe.core.application.CloudKind;
import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.error.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which files of an application are saved. What is left out is named by full paths and anchored expressions, so that no
 * file of a user is left out because of its name.
 *
 * @param folders of the application
 * @param fromPackage the programs come back from a package; else they are saved too
 * @param previews are saved too; else they are made again, which takes long
 */
record CloudFiles(CloudFolders folders, boolean fromPackage, boolean previews) {
    /** What is saved, without a folder inside of another one. */
    List<String> include() throws IOException {
        List<Path> paths = new ArrayList<>();
        if (fromPackage) {
            paths.add(folders.configFile().getParent());
            paths.add(folders.root().resolve("themes"));
            paths.addAll(folders.ownApps());
        } else {
            paths.add(folders.root());
            paths.add(folders.configFile().getParent());
            paths.addAll(folders.ownApps());
        }
        paths.add(folders.data());
        paths.removeIf(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS));
        return paths.stream()
                .filter(path -> paths.stream().noneMatch(other -> !other.equals(path) && path.startsWith(other)))
                .distinct()
                .map(Path::toString)
                .toList();
    }

    /** What is left out of it. */
    List<String> exclude(CloudDatabase database) throws Failure {
        List<String> excluded = new ArrayList<>();
        if (database.engine() == Engine.SQLITE) {
            // the database is saved as a stream; its files as they stand there would be torn
            Stream.of("", "-wal", "-shm", "-journal").forEach(end -> excluded.add(database.database() + end));
        }
        logs(excluded);
        generated(excluded);
        String data = "^" + literal(folders.data().toString());
        excluded.add(data + "/[^/]+/cache$");
        excluded.add(data + "/.*/[.]~lock[.][^/]*#$");
        return excluded;
    }

    private void logs(List<String> excluded) throws Failure {
        Optional<String> named = folders.config().text("logfile").filter(file -> file.startsWith("/"));
        Stream<Path> logs = Stream.of(folders.version().kind().id(), "audit", "updater", "flow")
                .map(name -> folders.data().resolve(name + ".log"));
        Stream.concat(logs, named.map(Path::of).stream())
                .distinct()
                .forEach(log -> excluded.addAll(List.of(log.toString(), log + ".1")));
    }

    /** The instance's own folders; without an instance's name there are none yet. */
    private void generated(List<String> excluded) throws Failure {
        Path data = folders.data();
        String previewsOfUsers = "^" + literal(data.toString()) + "/[^/]+/thumbnails$";
        boolean owncloud = folders.version().kind() == CloudKind.OWNCLOUD;
        Optional<String> instance = folders.config().text("instanceid").filter(id -> id.matches("\\w+"));
        instance.ifPresent(id -> {
            excluded.add(data + "/updater-" + id);
            Path generated = data.resolve("appdata_" + id);
            Stream.of("appstore", "css", "js").forEach(name -> excluded.add(generated + "/" + name));
            if (!previews && !owncloud) {
                excluded.add(generated + "/preview");
            }
        });
        if (!previews && owncloud) {
            excluded.add(previewsOfUsers);
        }
    }

    /** A path in a regular expression, without the backslashes that a daemon's configuration would take away. */
    private static String literal(String path) {
        return path.chars()
                .mapToObj(c -> switch (c) {
                    case '.', '*', '+', '?', '(', ')', '[', '{', '|', '$' -> "[" + (char) c + "]";
                    // neither can stand alone in brackets; any character there is close enough
                    case '^', '\\' -> ".";
                    default -> String.valueOf((char) c);
                })
                .collect(Collectors.joining());
    }
}
