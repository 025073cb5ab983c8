package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The packages that the build has made. */
final class Packages {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private Packages() {}

    static Path deb() throws IOException {
        return only(".deb");
    }

    static Path rpm() throws IOException {
        return only(".rpm");
    }

    /** The archive that needs a Java. */
    static Path archive() throws IOException {
        return only("[0-9T].tar.gz");
    }

    /** The archive that brings its own. */
    static Path selfContained() throws IOException {
        return only("-linux-*.tar.gz");
    }

    /** The one package in a folder with that ending, a glob; no other version's is left there. */
    static Path only(Path folder, String ending) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            List<Path> packages = found.filter(file -> folder.getFileSystem()
                            .getPathMatcher("glob:bpipe-toolkit[-_]*" + ending)
                            .matches(file.getFileName()))
                    .toList();
            assertThat(packages).as(ending + " in " + folder).hasSize(1);
            return packages.get(0);
        }
    }

    private static Path only(String ending) throws IOException {
        return only(TARGET, ending);
    }
}
