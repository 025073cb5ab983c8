package io.github.bpipe.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bpipe.testkit.Programs;
import io.github.bpipe.testkit.RealDaemon;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is generated is what the real daemons take, with stand-ins for reader and writer that record how they were run. */
@Timeout(180)
class RealBaculaTest {
    private static RealDaemon daemon;

    @TempDir
    private Path folder;

    private Path data;
    private Path calls;
    private Path output;

    @BeforeAll
    static void start() {
        daemon = RealDaemon.start();
    }

    @AfterAll
    static void stop() {
        daemon.close();
    }

    @BeforeEach
    void makeApplication() throws IOException {
        data = Files.createDirectory(folder.resolve("data"));
        calls = folder.resolve("calls");
        output = folder.resolve("etc");
        program(
                "bpipe-reader",
                "case $1 in check) ! test -e %1$s/refuse;; report) ! test -e %1$s/refuse;; hook) ;; *) cat %1$s/live-$(basename $2);; esac");
        program("bpipe-writer", "case $1 in check | report) ;; *) cat > %1$s/restored-$(basename $2);; esac");
        for (String name : new String[] {"one", "two"}) {
            Files.writeString(folder.resolve("live-" + name + ".yaml"), "rows of " + name + "\n");
            Files.writeString(folder.resolve(name + ".yaml"), """
                    engine: sqlite
                    database: %1$s/data/unused.db
                    files:
                      include: [%1$s/data]
                      exclude: [%1$s/data/app.log, "^%1$s/data/[^/]+/cache$", "^%1$s/data/.*/[.]~lock[.][^/]*#$"]
                    hooks:
                      preBackup: [{command: [%1$s/bpipe-hook, "on"]}]
                      postBackup: [{command: [%1$s/bpipe-hook, "off"]}]
                    bareos: {programs: %1$s, where: %1$s/elsewhere, director: test-dir, services: [a, b]}
                    """.formatted(folder));
        }
        program("bpipe-hook", "");
        generate();
    }

    @Test
    void theFileDaemonAcceptsItsGeneratedConfiguration() throws IOException {
        String configuration = includes("bacula-fd.d");
        Path file = Files.writeString(folder.resolve("fd.conf"), configuration);
        Programs.Answer answer = Programs.run(Programs.find("bacula-fd", "bacula-fd"), "-t", "-c", file.toString());
        assertThat(answer.status()).as(answer.out() + answer.err()).isZero();
        Files.writeString(file, configuration + "Nonsense { }\n");
        assertThat(Programs.run(Programs.find("bacula-fd", "bacula-fd"), "-t", "-c", file.toString())
                        .status())
                .isNotZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bpipe", "dump-file", "offline"})
    void theDirectorAcceptsEveryMethodAndANewClient(String method) throws IOException {
        Run run = Run.of(
                "generate",
                "--bacula",
                "--method=" + method,
                "--profile=" + folder + "/one.yaml",
                "--client=new-fd",
                "--create-client=127.0.0.1",
                "--output=" + folder.resolve("new"));
        assertThat(run.status()).as(run.err()).isZero();
        output = folder.resolve("new");
        daemon.configure(includes("bacula-dir.d"));
        assertThat(daemon.console("show client=new-fd", "show job=one-restore-copy"))
                .contains("Client: Name=new-fd Enabled=1 Address=127.0.0.1", "--> Where=" + folder + "/elsewhere/one");
    }

    @Test
    void filesAndTwoDatabasesOfAFullAndAnIncrementalOnTwoVolumesComeBackTogether() throws IOException {
        daemon.configure(includes("bacula-dir.d/fileset", "bacula-dir.d/job"));
        Path kept = Files.writeString(data.resolve("kept"), "kept");
        Path changed = Files.writeString(data.resolve("changed"), "old");
        RealDaemon.Job full = daemon.run("run job=one-backup level=Full yes");
        assertThat(full.status()).as(full.log()).isEqualTo('T');
        Files.writeString(changed, "new");
        Files.writeString(folder.resolve("live-two.yaml"), "newer rows of two\n");
        RealDaemon.Job incremental = daemon.run("run job=one-backup level=Incremental yes");
        assertThat(incremental.status()).as(incremental.log()).isEqualTo('T');
        assertThat(incremental.log()).contains("Incremental");

        Files.delete(kept);
        Files.delete(changed);
        Files.delete(calls);
        RealDaemon.Job restore = daemon.restore("one", "restorejob=one-restore");
        assertThat(restore.status()).as(restore.log()).isEqualTo('T');
        assertThat(kept).hasContent("kept");
        assertThat(changed).hasContent("new");
        assertThat(folder.resolve("restored-one.yaml")).hasContent("rows of one");
        assertThat(folder.resolve("restored-two.yaml")).hasContent("newer rows of two");
        assertThat(calls).hasContent("""
                bpipe-writer check --profile F/one.yaml --job J
                bpipe-writer check --profile F/two.yaml --job J
                bpipe-writer --profile F/one.yaml --where= --replace=a
                bpipe-writer --profile F/two.yaml --where= --replace=a
                bpipe-writer report --profile F/one.yaml --job J
                bpipe-writer report --profile F/two.yaml --job J
                """.replace("F/", folder + "/").replace("J\n", restore.id() + "\n"));

        Files.delete(calls);
        RealDaemon.Job copy = daemon.restore("one", "restorejob=one-restore-copy");
        assertThat(copy.status()).as(copy.log()).isEqualTo('T');
        assertThat(folder.resolve("elsewhere/one" + kept)).hasContent("kept");
        assertThat(calls)
                .content()
                .contains("check --record-only")
                .contains("--where=" + folder + "/elsewhere/one --replace=a");
    }

    @Test
    void aCheckThatFailsStopsTheJobBeforeTheReaderAndTheHooksStillClose() throws IOException {
        daemon.configure(includes("bacula-dir.d/fileset", "bacula-dir.d/job"));
        Files.createFile(folder.resolve("refuse"));
        RealDaemon.Job job = daemon.run("run job=one-backup level=Full yes");
        assertThat(job.status()).as(job.log()).isEqualTo('f');
        assertThat(calls).hasContent("""
                bpipe-reader check --profile F/one.yaml --job J
                bpipe-reader hook post-backup --profile F/one.yaml --job J
                bpipe-reader report --profile F/one.yaml --job J
                bpipe-reader report --profile F/two.yaml --job J
                """.replace("F/", folder + "/").replace("J\n", job.id() + "\n"));
        assertThat(job.log()).contains("said by bpipe-reader check");
    }

    @Test
    void whatIsExcludedIsNotSavedNothingElseIsMissedAndExtendedAttributesComeBack() throws IOException {
        daemon.configure(includes("bacula-dir.d/fileset", "bacula-dir.d/job"));
        for (String name : new String[] {
            "app.log",
            "alice/cache/excluded",
            "alice/files/.~lock.letter.odt#",
            "alice/files/app.log",
            "alice/files/cache/kept",
            "alice/files/letter.odt"
        }) {
            Files.createDirectories(data.resolve(name).getParent());
            Files.writeString(data.resolve(name), name);
        }
        Files.getFileAttributeView(data.resolve("alice/files/letter.odt"), UserDefinedFileAttributeView.class)
                .write("tag", StandardCharsets.UTF_8.encode("dear"));
        RealDaemon.Job backup = daemon.run("run job=one-backup level=Full yes");
        assertThat(backup.status()).as(backup.log()).isEqualTo('T');
        RealDaemon.Job copy = daemon.restore("one", "restorejob=one-restore-copy");
        assertThat(copy.status()).as(copy.log()).isEqualTo('T');
        Path restored = folder.resolve("elsewhere/one" + data);
        try (Stream<Path> files = Files.walk(restored)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(restored::relativize)
                            .map(Path::toString))
                    .containsExactlyInAnyOrder(
                            "alice/files/app.log", "alice/files/cache/kept", "alice/files/letter.odt");
        }
        ByteBuffer tag = ByteBuffer.allocate(9);
        Files.getFileAttributeView(restored.resolve("alice/files/letter.odt"), UserDefinedFileAttributeView.class)
                .read("tag", tag);
        assertThat(StandardCharsets.UTF_8.decode(tag.flip()).toString()).isEqualTo("dear");
    }

    private void generate() {
        Run run = Run.of(
                "generate",
                "--bacula",
                "--profile=" + folder + "/one.yaml",
                "--profile=" + folder + "/two.yaml",
                "--client=" + RealDaemon.CLIENT,
                "--create-client=127.0.0.1",
                "--output=" + output);
        assertThat(run.status()).as(run.err()).isZero();
    }

    private void program(String name, String body) throws IOException {
        Path program = folder.resolve(name);
        Files.writeString(
                program,
                ("#!/bin/sh\necho %2$s \"$@\" >> %1$s/calls\necho said by %2$s $1 >&2\n" + body + "\n")
                        .formatted(folder, name));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private String includes(String... folders) throws IOException {
        StringBuilder text = new StringBuilder();
        for (String name : folders) {
            try (Stream<Path> files = Files.walk(output.resolve(name))) {
                text.append(files.filter(Files::isRegularFile)
                        .map(file -> "@" + file + "\n")
                        .collect(Collectors.joining()));
            }
        }
        return text.toString();
    }
}
