package io.github.bpipe.core.snapshot;

import io.github.bpipe.core.engine.Engine;
import io.github.bpipe.core.engine.SqlitePaths;
import io.github.bpipe.core.error.ExitCode;
import io.github.bpipe.core.error.Failure;
import io.github.bpipe.core.file.ExcludedFiles;
import io.github.bpipe.core.file.TrustedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which files of an application a snapshot holds: those that the generated FileSet saves. Other file systems mounted
 * below, sockets, pipes and devices are not among them, nor is the database file of SQLite, which is saved as a stream.
 */
public final class SavedPaths {
    private final List<Path> roots;
    private final ExcludedFiles excluded;
    private final Set<Path> databaseFiles = new HashSet<>();

    /**
     * As a profile says it.
     *
     * @param include full paths without symbolic links
     * @param exclude paths, patterns and expressions
     * @param database name, or file for SQLite
     */
    public SavedPaths(List<String> include, List<String> exclude, Engine engine, String database) throws Failure {
        List<Path> paths = new ArrayList<>();
        for (String path : include) {
            paths.add(checked(path));
        }
        this.roots = paths.stream()
                .distinct()
                .filter(path -> paths.stream().noneMatch(other -> !other.equals(path) && path.startsWith(other)))
                .toList();
        this.excluded = excluded(exclude);
        if (engine == Engine.SQLITE) {
            SqlitePaths files =
                    new SqlitePaths(Path.of(database).toAbsolutePath().normalize());
            databaseFiles.addAll(
                    List.of(files.live(), files.work(), files.former(), files.formerRecord(), files.formerTables()));
            databaseFiles.addAll(files.companions());
            databaseFiles.addAll(SqlitePaths.companionsOf(files.former()));
            databaseFiles.addAll(SqlitePaths.companionsOf(files.formerTables()));
        }
    }

    /** Files and folders that are saved with all that is in them; none is inside of another. */
    public List<Path> roots() {
        return roots;
    }

    /** True for what is left out, with all that is in it. */
    public boolean excludes(Path path) {
        return databaseFiles.contains(path) || excluded.contains(path);
    }

    /** Refuses roots that others than root and we could exchange while we work there with our rights. */
    public void requireFixed() throws Failure {
        for (Path root : roots) {
            requireNoLink(root);
            TrustedFile.requireFixed(root, "the path", System.getProperty("user.name"));
        }
    }

    private static Path checked(String include) throws Failure {
        Path path = Path.of(include).normalize();
        if (!path.isAbsolute() || path.getParent() == null) {
            throw new Failure(
                    ExitCode.USAGE,
                    "not the full path of a file or folder in files.include: " + include,
                    "begin it with a slash, and name what belongs to the application");
        }
        return path;
    }

    private static void requireNoLink(Path root) throws Failure {
        Path parent = root.getParent();
        try {
            if (!parent.toRealPath().equals(parent) || Files.isSymbolicLink(root)) {
                throw new Failure(
                        ExitCode.USAGE,
                        "a symbolic link leads to " + root + " in files.include, and none is followed",
                        "name the real path in the profile: realpath " + root + " tells it");
            }
        } catch (Failure e) {
            throw e;
        } catch (IOException e) {
            throw new Failure(
                    ExitCode.USAGE,
                    "no folder " + parent + " for what files.include names",
                    Files.exists(parent, LinkOption.NOFOLLOW_LINKS) ? "look at its mode" : "correct the profile",
                    e);
        }
    }

    private static ExcludedFiles excluded(List<String> exclude) throws Failure {
        try {
            return new ExcludedFiles(exclude);
        } catch (IllegalArgumentException e) {
            throw new Failure(
                    ExitCode.USAGE, "wrong pattern in files.exclude: " + e.getMessage(), "correct the profile", e);
        }
    }
}
