package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.cli.Version;
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
        build("", "");
        for (Path made : new Path[] {Packages.deb(), Packages.rpm(), Packages.archive()}) {
            assertThat(folder.resolve("dist/target").resolve(made.getFileName()))
                    .exists()
                    .hasSameBinaryContentAs(made);
        }
    }

    @Test
    void theSourcesBuildWithoutTheirRepository() throws IOException, InterruptedException {
        build("--exclude=./.git", "--projects=bpipe-core --also-make");
        Path built = folder.resolve("bpipe-core/target/classes/io/github/bpipe/core/cli");
        assertThat(built.resolve("version.properties")).content().isEqualTo("version=" + Version.number() + "\n");
        assertThat(built.resolve("commit")).doesNotExist();
    }

    /** Builds a copy of the working tree, with another time zone and language; with the same commit, if any. */
    private void build(String without, String only) throws IOException, InterruptedException {
        Path log = folder.resolve("build.log");
        String script = """
                cd "$1"
                tar --create --no-wildcards-match-slash --exclude=./target --exclude='./*/target' $4 . | tar --extract --directory="$2"
                cd "$2"
                export TZ=Asia/Tokyo LC_ALL=C
                exec mvn -o -q -B package -Dmaven.test.skip=true -Dmaven.repo.local="$3" $5""";
        Process build = new ProcessBuilder(
                        "sh",
                        "-ec",
                        script,
                        "build",
                        ROOT.toString(),
                        folder.toString(),
                        System.getProperty("localRepository"),
                        without,
                        only)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
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
