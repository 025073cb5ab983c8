package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.cli.Version;
import java.nio.file.Path;

/** The packages that the build has made, of this version. */
final class Packages {
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final String SNAPSHOT = "-SNAPSHOT";

    private Packages() {}

    static Path deb() {
        return made("bpipe-toolkit_" + Version.number().replace(SNAPSHOT, "~snapshot") + "_all.deb");
    }

    static Path rpm() {
        String version = Version.number();
        String release = version.endsWith(SNAPSHOT) ? "0.snapshot" : "1";
        return made("bpipe-toolkit-" + version.replace(SNAPSHOT, "") + "-" + release + ".noarch.rpm");
    }

    /** The archive that needs a Java. */
    static Path archive() {
        return made("bpipe-toolkit-" + Version.number() + ".tar.gz");
    }

    /** The archive that brings its own. */
    static Path selfContained() {
        return made("bpipe-toolkit-" + Version.number() + "-linux-" + System.getProperty("os.arch") + ".tar.gz");
    }

    private static Path made(String name) {
        assertThat(TARGET.resolve(name)).isRegularFile();
        return TARGET.resolve(name);
    }
}
