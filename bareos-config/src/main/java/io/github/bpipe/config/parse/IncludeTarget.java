package io.github.bpipe.config.parse;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Which files an {@code @} line means. */
final class IncludeTarget {
    private IncludeTarget() {}

    /**
     * The existing ones, sorted; the last part may be a pattern.
     *
     * @param from the including file: a relative target is looked up beside it
     */
    static List<Path> files(Path from, String target) {
        Path path = from.toAbsolutePath().resolveSibling(target).normalize();
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        List<Path> found = new ArrayList<>();
        Path folder = path.getParent();
        if (target.matches(".*[*?\\[].*") && Files.isDirectory(folder)) {
            try (DirectoryStream<Path> matching =
                    Files.newDirectoryStream(folder, path.getFileName().toString())) {
                matching.forEach(found::add);
            } catch (IOException e) {
                // a folder that cannot be listed holds nothing for us; the caller reports the missing file
                return List.of();
            }
        }
        found.sort(null);
        return found;
    }

    static boolean same(Path one, Path other) {
        return canonical(one).equals(canonical(other));
    }

    static Path canonical(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException e) {
            return file.toAbsolutePath().normalize();
        }
    }
}
