package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same sources make the same packages, bit for bit, in whatever folder and at whatever time. */
class ReproducibleIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final long LIMIT_MINUTES = 15;

    @TempDir
    private Path folder;

    @Test
    void aSecondBuildMakesTheSamePackages() throws IOException, InterruptedException {
        build();
        for (Path made : new Path[] {Packages.deb(), Packages.rpm(), Packages.archive()}) {
            assertThat(folder.resolve("dist/target").resolve(made.getFileName()))
                    .exists()
                    .hasSameBinaryContentAs(made);
        }
    }

    /** Builds a copy of the working tree, with another umask, time zone and language, and with the same commit if any. */
    private void build() throws IOException, InterruptedException {
        Path log = folder.resolve("build.log");
        Process build = new ProcessBuilder(
                        "sh",
                        "-c",
                        "cd \"$1\" && tar --create --exclude='*/target' --exclude=./target . | tar --extract --directory=\"$2\""
                                + " && cd \"$2\" && umask 027 && TZ=Asia/Tokyo LC_ALL=C exec env mvn -o -q -B package -DskipTests"
                                + " -Dmaven.repo.local=\"$3\"",
                        "build",
                        ROOT.toString(),
                        folder.toString(),
                        System.getProperty("localRepository"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .directory(ROOT.toFile())
                .start();
        build.getOutputStream().close();
        boolean ended = build.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES);
        if (!ended) {
            build.descendants().forEach(ProcessHandle::destroy);
            build.destroy();
        }
        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(build.exitValue()).as(Files.readString(log)).isZero();
    }
}
