package io.github.bpipe.dist;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.core.error.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher between a user or a file daemon and Java: which Java it takes, which it refuses, and how. */
class LauncherIT {
    private static final byte[] NOTHING = new byte[0];
    private static final Path JAVAS = Path.of("/usr/lib/jvm");

    @TempDir
    private Path folder;

    /** Where a Java would be; its java answers as an old one does, and its release file says which it is. */
    private Path oldJava(String release) throws IOException {
        Path home = folder.resolve("old");
        Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"1.8.0_292\"' >&2\n[ \"$1\" = -version ]\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
        if (release != null) {
            Files.writeString(home.resolve("release"), release);
        }
        return home;
    }

    private static Installed.Answer dump(Map<String, String> environment) {
        return Installed.run(Installed.READER, NOTHING, environment, "--engine", "sqlite", "--database", "/srv/app.db");
    }

    private static void assertAborted(Installed.Answer answer, String error, String reason) {
        assertThat(answer.status()).isEqualTo(ExitCode.NO_JAVA.code());
        assertThat(answer.err()).startsWith("bpipe-reader: error: " + error).contains("\nhint: ");
        Installed.Answer verified = Installed.writer(answer.out(), "verify");
        assertThat(verified.status()).isEqualTo(ExitCode.ABORTED_STREAM.code());
        assertThat(verified.err()).contains(reason).contains("install a Java runtime");
    }

    @Test
    void aDumpWithoutJavaEndsInAStreamThatSaysSo() throws IOException {
        Path without = Files.createDirectory(folder.resolve("bin"));
        for (String tool : new String[] {"dirname", "readlink", "cat"}) {
            Files.createSymbolicLink(without.resolve(tool), Path.of("/usr/bin", tool));
        }
        assertAborted(
                dump(Map.of("PATH", without.toString(), "JAVA_HOME", "")),
                "there is no java on the PATH, and JAVA_HOME is not set",
                "no Java was found");
    }

    @Test
    void aWrongJavaHomeIsNamed() {
        assertAborted(
                dump(Map.of("JAVA_HOME", folder.toString())),
                "JAVA_HOME names " + folder + ", and there is no Java in it",
                "no Java was found");
    }

    @ParameterizedTest
    @ValueSource(strings = {"IMPLEMENTOR=\"Old\"\nJAVA_VERSION=\"11.0.2\"\n", "JAVA_VERSION=\"1.8.0_292\"", ""})
    void anOlderJavaIsRefused(String release) throws IOException {
        Path home = oldJava(release.isEmpty() ? null : release);
        String version = release.contains("11.0.2") ? "11.0.2" : "1.8.0_292";
        assertAborted(
                dump(Map.of("JAVA_HOME", home.toString())),
                home + "/bin/java is version " + version + ", at least 17 is needed",
                "older than 17");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check --profile x", "report --profile x", "explain 99", "--version", "--output /nowhere"})
    void whereNoStreamIsExpectedNoneIsWritten(String arguments) throws IOException {
        Map<String, String> old =
                Map.of("JAVA_HOME", oldJava("JAVA_VERSION=\"11.0.2\"").toString());
        Installed.Answer answer = Installed.run(Installed.READER, NOTHING, old, arguments.split(" "));
        assertThat(answer.status()).isEqualTo(ExitCode.NO_JAVA.code());
        assertThat(answer.err()).contains("at least 17 is needed");
        assertThat(answer.out()).isEmpty();
    }

    @Test
    void theOtherProgramsRefuseItToo() throws IOException {
        Map<String, String> old =
                Map.of("JAVA_HOME", oldJava("JAVA_VERSION=\"11.0.2\"").toString());
        Installed.Answer writer = Installed.run(Installed.WRITER, NOTHING, old);
        assertThat(writer.status()).isEqualTo(ExitCode.NO_JAVA.code());
        assertThat(writer.err()).startsWith("bpipe-writer: error: ");
        assertThat(writer.out()).isEmpty();
        Installed.Answer config = Installed.run(Installed.CONFIG, NOTHING, old, "lint");
        assertThat(config.err()).startsWith("bareos-config: error: ");
    }

    /** Every Java of 17 or newer that this machine has. */
    static Stream<Path> javas() throws IOException {
        try (Stream<Path> homes = Files.list(JAVAS)) {
            return homes
                    .filter(home -> Files.isExecutable(home.resolve("bin/java")) && !Files.isSymbolicLink(home))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("javas")
    void everyJavaOfTheMachineDumpsAndRestoresWithoutAWordOfItsOwn(Path home) {
        Installed.Answer answer = Installed.shell("export JAVA_HOME=" + home + "; cd " + folder
                + " && sqlite3 a.db 'CREATE TABLE t (i int); INSERT INTO t VALUES (7)'"
                + " && $READER --engine sqlite --database $PWD/a.db 2> reader.err | $WRITER --into $PWD/b.db 2> writer.err"
                + " && sqlite3 b.db 'SELECT i FROM t' && cat reader.err writer.err >&2");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.text()).isEqualTo("7\n");
        assertThat(answer.err()).doesNotContainIgnoringCase("warning");
    }

    @Test
    void aProgramIsOneProcessAndThatIsJava() {
        Installed.Answer answer = Installed.shell("sleep 60 | $WRITER verify & "
                + "until ps -o comm= --ppid $$ | grep -qx java; do :; done; ps -o comm= --ppid $$; kill $(jobs -p)"
                + " $(ps -o pid= --ppid $$)");
        assertThat(answer.text().lines().filter("java"::equals)).hasSize(1);
        assertThat(answer.text()).doesNotContain("launch").doesNotContain("bpipe-writer");
    }

    @Test
    void theNativeLibrariesNeedNoFolderThatProgramsMayRunFrom() {
        Installed.Answer answer = Installed.shell("cd " + folder
                + " && sqlite3 a.db 'CREATE TABLE t (i int); INSERT INTO t VALUES (7)' && mkdir tmp"
                + " && unshare --mount --map-root-user sh -ec 'mount -t tmpfs -o noexec none tmp;"
                + " cp /bin/true tmp/; if tmp/true; then echo executable; exit 1; fi 2> /dev/null;"
                + " export JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=$PWD/tmp TMPDIR=$PWD/tmp;"
                + " $READER --engine sqlite --database $PWD/a.db > stream; $WRITER verify < stream'");
        assertThat(answer.status()).as(answer.err()).isZero();
        assertThat(answer.text()).startsWith("whole: sqlite");
    }
}
