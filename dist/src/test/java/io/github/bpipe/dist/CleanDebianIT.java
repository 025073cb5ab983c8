package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.Programs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The .deb in a Debian that has nothing else yet: installed as any other, used as the guide's first page says, upgraded,
 * removed, purged. Needs root, as {@code debootstrap} does.
 */
class CleanDebianIT {
    private static final Path RESOURCES = Path.of("src/test/resources").toAbsolutePath();

    /** Removed by hand: it holds files of root. */
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path folder;

    @Test
    void thePackageIsInstalledUsedUpgradedRemovedAndPurged() throws IOException {
        run("");
    }

    /** Whose Java is 21; the usual run's machine has Debian 12 with Java 17. */
    @Test
    @Tag("nightly")
    void inDebian13Too() throws IOException {
        assertThat(run("trixie")).contains("openjdk version \"21.");
    }

    /** @param suite of Debian, empty for this machine's own */
    private String run(String suite) throws IOException {
        Programs.find("debootstrap", "debootstrap");
        Programs.Answer answer = asRoot(
                RESOURCES.resolve("clean-debian").toString(),
                folder.toString(),
                Packages.deb().toString(),
                RESOURCES.resolve("install-and-use").toString(),
                suite);
        assertThat(answer.status()).as(answer.out() + answer.err()).isZero();
        assertThat(answer.out()).contains("step: install\n", "step: purge\n").endsWith("done\n");
        return answer.out();
    }

    @AfterEach
    void remove() {
        asRoot("rm", "-rf", "--one-file-system", folder.toString()).orFail();
    }

    private static Programs.Answer asRoot(String... command) {
        List<String> whole = new ArrayList<>(Programs.root() ? List.of() : List.of("sudo", "-n"));
        whole.addAll(List.of(command));
        return Programs.run(whole, Map.of("PATH", System.getenv("PATH") + ":/usr/sbin:/sbin"), new byte[0]);
    }
}
