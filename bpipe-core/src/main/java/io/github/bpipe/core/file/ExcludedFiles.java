package io.github.bpipe.core.file;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a profile leaves out of a backup, as the file daemon understands it: a full path with all below it; with
 * {@code * ? [} a pattern for full paths, in which a star also stands for slashes; with {@code ^} at its beginning a regular
 * expression.
 */
public final class ExcludedFiles {
    private static final Pattern WILD = Pattern.compile("[*?\\[]");

    private final Set<Path> paths = new HashSet<>();
    private final List<Pattern> patterns = new ArrayList<>();

    /**
     * Understands them.
     *
     * @throws IllegalArgumentException where one is no pattern
     */
    public ExcludedFiles(List<String> excluded) {
        for (String each : excluded) {
            if (each.startsWith("^") || WILD.matcher(each).find()) {
                patterns.add(PathPattern.of(each));
            } else {
                paths.add(Path.of(each).normalize());
            }
        }
    }

    /** True for what is left out itself; what is in such a folder is left out with it. */
    public boolean contains(Path path) {
        if (paths.contains(path)) {
            return true;
        }
        if (patterns.isEmpty()) {
            return false;
        }
        String name = new String(PathText.bytes(path), StandardCharsets.ISO_8859_1);
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).find());
    }
}
