package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packages hold, as the tools of the systems they are for see it. */
class PackageIT {
    private static final String PROGRAMS = "bareos-config bpipe-reader bpipe-writer";

    @TempDir
    private Path folder;

    private static String ask(String script) {
        Installed.Answer answer = Installed.shell(script);
        assertThat(answer.status()).as(answer.err()).isZero();
        return answer.text();
    }

    /** Dumps and restores with the programs of that folder. */
    private void assertWork(Path bin) {
        assertThat(ask("PATH=" + bin.toString().replace(" ", "\\ ") + ":$PATH; cd " + folder
                        + "; sqlite3 a.db 'CREATE TABLE t (i int); INSERT INTO t VALUES (7)'"
                        + "; bpipe-reader --engine sqlite --database $PWD/a.db | bpipe-writer --into $PWD/b.db"
                        + " && bareos-config --version && sqlite3 b.db 'SELECT i FROM t'"))
                .startsWith("bareos-config ")
                .endsWith("\n7\n");
    }

    @Test
    void lintianFindsNothing() {
        Installed.Answer lintian =
                Installed.shell("lintian --fail-on error,warning --tag-display-limit 0 " + Packages.deb());
        assertThat(lintian.text()).isEmpty();
        assertThat(lintian.status()).isZero();
    }

    @Test
    void theDebKeepsSecretsFromOtherUsers() {
        String files = ask("dpkg-deb --contents " + Packages.deb());
        assertThat(files)
                .containsPattern("(?m)^drwxr-x--- root/root .* \\./etc/bpipe/$")
                .containsPattern("(?m)^drwx------ root/root .* \\./var/lib/bpipe/$")
                .doesNotContainPattern("(?m)^-.* \\./usr/\\S+classes.jsa$");
        assertThat(ask("dpkg-deb --field " + Packages.deb() + " Depends Recommends"))
                .contains(
                        "default-jre-headless (>= 2:1.17)",
                        "java17-runtime-headless",
                        "mariadb-client",
                        "postgresql-client");
    }

    @Test
    void theDebHoldsProgramsThatWork() {
        ask("dpkg-deb --extract " + Packages.deb() + " " + folder + "/deb");
        assertThat(ask("ls " + folder + "/deb/usr/bin | xargs").strip()).isEqualTo(PROGRAMS);
        assertWork(folder.resolve("deb/usr/bin"));
    }

    @Test
    void theRpmIsWholeAndHoldsProgramsThatWork() {
        Path rpm = Packages.rpm();
        assertThat(ask("rpm --checksig " + rpm)).contains("digests OK");
        assertThat(ask("rpm --query --package --requires " + rpm)).contains("java-headless >= 1:17");
        assertThat(ask("rpm --query --package --list --verbose " + rpm))
                .containsPattern("(?m)^drwxr-x--- .* root +root .* /etc/bpipe$")
                .containsPattern("(?m)^drwx------ .* root +root .* /var/lib/bpipe$");
        ask("mkdir " + folder + "/rpm && cd " + folder + "/rpm && rpm2cpio " + rpm
                + " | cpio --extract --make-directories --quiet");
        assertWork(folder.resolve("rpm/usr/bin"));
    }

    @Test
    void bothPackagesBringTheTimerThatOpensWhatAJobHasLeftClosed() {
        ask("mkdir " + folder + "/deb " + folder + "/rpm; dpkg-deb --extract " + Packages.deb() + " " + folder
                + "/deb; cd " + folder + "/rpm && rpm2cpio " + Packages.rpm()
                + " | cpio --extract --make-directories --quiet");
        for (String form : List.of("deb", "rpm")) {
            Path units = folder.resolve(form + "/usr/lib/systemd/system");
            assertThat(units.resolve("timers.target.wants/bpipe-release.timer"))
                    .isSymbolicLink()
                    .exists();
            // the program is not installed here
            assertThat(
                            ask(
                                    "systemd-analyze verify --man=no " + units + "/bpipe-release.timer " + units
                                            + "/bpipe-release.service 2>&1 | grep bpipe-release | grep -v 'bpipe-reader is not executable' || true"))
                    .isEmpty();
            assertThat(units.resolve("bpipe-release.service"))
                    .content()
                    .contains("ExecStart=/usr/bin/bpipe-reader release --expired\n");
        }
    }

    @Test
    void theArchiveRunsFromAnyFolder() throws IOException {
        Path anywhere = Files.createDirectory(folder.resolve("some folder"));
        ask("tar --extract --gzip --strip-components=1 --directory='" + anywhere + "' --file " + Packages.archive());
        assertThat(anywhere.resolve("lib/classes.jsa")).doesNotExist();
        assertWork(anywhere.resolve("bin"));
    }

    @Test
    @Tag("self-contained")
    void theArchiveWithARuntimeNeedsNoJava() {
        ask("mkdir " + folder + "/own && tar --extract --gzip --strip-components=1 --directory=" + folder
                + "/own --file " + Packages.selfContained());
        Installed.Answer without = Installed.run(
                folder.resolve("own/bin/bpipe-reader"), new byte[0], Map.of("JAVA_HOME", "/nowhere"), "--version");
        assertThat(without.err()).isEmpty();
        assertThat(without.text()).startsWith("bpipe-reader ");
        assertThat(folder.resolve("own/runtime/legal/java.base/LICENSE")).isRegularFile();
        assertWork(folder.resolve("own/bin"));
    }

    @Test
    void everyLibraryThatComesAlongHasItsLicenceListed() throws IOException {
        String copyright = Files.readString(Path.of("target/bpipe-toolkit/share/doc/bpipe-toolkit/copyright"));
        List<String> patterns = Pattern.compile("(?m)^Files: (.*)$")
                .matcher(copyright)
                .results()
                .flatMap(files -> Stream.of(files.group(1).split(" ")))
                .filter(pattern -> !pattern.equals("*"))
                .toList();
        List<Path> libraries = libraries();
        for (Path library : libraries) {
            assertThat(patterns.stream().filter(pattern -> matches(pattern, library)))
                    .as("stanzas for " + library)
                    .hasSize(1);
        }
        for (String pattern : patterns) {
            assertThat(libraries).as(pattern).anyMatch(library -> matches(pattern, library));
        }
        List<String> texts = group(copyright, "(?m)^License: (\\S+)\n ");
        assertThat(group(copyright, "(?m)^License: (.*)$").stream().flatMap(names -> Stream.of(names.split(" and "))))
                .isSubsetOf(texts);
    }

    private static List<String> group(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    /** All jars but our own, and all native libraries. */
    private static List<Path> libraries() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("target/bpipe-toolkit/lib"))) {
            return files.filter(file -> file.toString().matches(".*\\.(jar|so)"))
                    .filter(file -> !file.getFileName().toString().matches("(bpipe-\\w+|bareos-config)-\\d.*"))
                    .collect(Collectors.toCollection(ArrayList::new));
        }
    }

    private static boolean matches(String pattern, Path library) {
        return FileSystems.getDefault()
                .getPathMatcher("glob:" + pattern.replaceFirst("^\\*/", ""))
                .matches(library.getFileName());
    }
}
