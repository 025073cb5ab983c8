package io.github.bpipe.core.file;

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

    public ExcludedFiles(List<String> excluded) {
        for (String each : excluded) {
            if (each.startsWith("^")) {
                patterns.add(Pattern.compile(each));
            } else if (WILD.matcher(each).find()) {
                patterns.add(Pattern.compile("^" + regex(each) + "$"));
            } else {
                paths.add(Path.of(each));
            }
        }
    }

    /** True for what is left out itself; what is in such a folder is left out with it. */
    public boolean contains(Path path) {
        return paths.contains(path)
                || patterns.stream()
                        .anyMatch(pattern -> pattern.matcher(path.toString()).find());
    }

    private static String regex(String wild) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < wild.length(); i++) {
            char c = wild.charAt(i);
            int end = wild.indexOf(']', i + 2);
            if (c == '*') {
                regex.append(".*");
            } else if (c == '?') {
                regex.append('.');
            } else if (c == '[' && end > 0) {
                regex.append('[')
                        .append(wild.substring(i + 1, end).replace("\\", "\\\\").replaceFirst("^!", "^"));
                regex.append(']');
                i = end;
            } else {
                regex.append(Pattern.quote(String.valueOf(c)));
            }
        }
        return regex.toString();
    }
}
